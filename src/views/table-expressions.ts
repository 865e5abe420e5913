import { type Dialect, indent } from './dialect.ts';

/**
 * Named SELECTs within a statement, each of which may select from those before it.
 *
 * They stand in a WITH clause; or else, where a warehouse would run such a clause by itself and then read every column that a
 * view has, at each place that names them.
 */
export class TableExpressions {
  readonly #dialect: Dialect;
  readonly #selects = new Map<string, string>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  add(name: string, select: string): void {
    this.#selects.set(name, select);
  }

  /** What stands behind FROM or JOIN to name the table expression. Its columns are read as `name`'s. */
  from(name: string): string {
    const quoted = this.#dialect.identifier(name);
    return this.#dialect.hasWith ? quoted : `(\n${indent(this.#selects.get(name) ?? '')}\n) AS ${quoted}`;
  }

  /** What the statement begins with: a WITH clause, or nothing. */
  get head(): readonly string[] {
    if (!this.#dialect.hasWith) return [];
    const written = [...this.#selects].map(
      ([name, select]) => `${this.#dialect.identifier(name)} AS (\n${indent(select)}\n)`,
    );
    return [`WITH ${written.join(',\n')}`];
  }
}

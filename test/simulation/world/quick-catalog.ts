import type { SqlRow } from '../../../src/destination/sql-row.ts';

/** A table or view as the product reads it, and for a view the names that it reads from. */
type Entry = { readonly row: SqlRow; readonly reads: readonly string[] };

type Change = (objects: Map<string, Entry>, name: string, rest: string) => void;

/** The statements that change the database, and what they change in the catalog. */
const CHANGES: readonly (readonly [RegExp, Change])[] = [
  [
    /^CREATE TABLE IF NOT EXISTS "([^"]+)" \(/,
    (objects, name) =>
      void (objects.has(name) || objects.set(name, { row: { name, kind: 'table', comment: null }, reads: [] })),
  ],
  [
    /^CREATE OR REPLACE VIEW "([^"]+)" AS\n/,
    (objects, name, rest) =>
      void objects.set(name, { row: { name, kind: 'view', comment: null }, reads: [...namesIn(rest)] }),
  ],
  [/^COMMENT ON (?:TABLE|VIEW) "([^"]+)" IS '/, comment],
  [/^INSERT INTO "([^"]+)" /, () => {}],
  [/^DELETE FROM "([^"]+)"\n/, () => {}],
  [/^DROP (?:TABLE IF EXISTS|VIEW) "([^"]+)"$/, (objects, name) => void objects.delete(name)],
];

/** The catalog of a database's tables and views, derived from the statements that change it. */
export class QuickCatalog {
  #objects: ReadonlyMap<string, Entry> = new Map();

  /** The catalog now, to be restored if a transaction fails. */
  get state(): ReadonlyMap<string, Entry> {
    return new Map(this.#objects);
  }

  set state(objects: ReadonlyMap<string, Entry>) {
    this.#objects = objects;
  }

  has(name: string): boolean {
    return this.#objects.has(name);
  }

  /** The rows that the product's statement would give. */
  get rows(): readonly SqlRow[] {
    const rows = [...this.#objects.values()].map(({ row }) => row);
    return rows.sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1));
  }

  /** Applies a statement, and gives the name of what it changes. */
  change(statement: string): string {
    for (const [pattern, change] of CHANGES) {
      const [start, name] = pattern.exec(statement) ?? [];
      if (start === undefined || name === undefined) continue;
      const objects = new Map(this.#objects);
      change(objects, name, statement.slice(start.length));
      this.#objects = objects;
      return name;
    }
    throw new Error(`The catalog knows no such statement: ${statement}`);
  }

  /** The tables and views that a statement depends on, through views too. */
  namesIn(statement: string): ReadonlySet<string> {
    const names = namesIn(statement);
    // A set that grows while it is walked is walked to its end.
    for (const name of names) for (const read of this.#objects.get(name)?.reads ?? []) names.add(read);
    return names;
  }
}

/** Everything in quotes, as names are. */
function namesIn(statement: string): Set<string> {
  return new Set(Array.from(statement.matchAll(/"([^"]+)"/g), ([, name = '']) => name));
}

function comment(objects: Map<string, Entry>, name: string, rest: string): void {
  const entry = objects.get(name);
  if (!entry) throw new Error(`There is no ${name} to comment on`);
  objects.set(name, { ...entry, row: { ...entry.row, comment: rest.slice(0, -1).replaceAll("''", "'") } });
}

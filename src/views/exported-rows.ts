import type { Dialect } from './dialect.ts';

/** Which rows and columns of a view are exported. */
export type RowChoice = {
  readonly view: string;
  /** At least one, by the view's own names, in the order of the export. */
  readonly columns: readonly string[];
  /** A condition in the destination's SQL, which {@link conditionCheck} has let pass; `null` for all rows. */
  readonly where: string | null;
};

/** The SELECT of the rows that are exported. */
export function rowsSelect(dialect: Dialect, { view, columns, where }: RowChoice): string {
  const select = `SELECT ${columns.map(dialect.identifier).join(', ')}\nFROM ${dialect.table(view)}`;
  return where === null ? select : `${select}\nWHERE ${enclosed(where)}`;
}

/**
 * A SELECT that an engine understands only if a condition can't leave its parentheses. Both it and {@link rowsSelect} must
 * be understood: what closes the parentheses early and goes on, such as `1=1) UNION SELECT (1`, can't be right inside the
 * brackets of a list and behind WHERE. Line ends keep a comment from hiding what follows.
 */
export function conditionCheck(dialect: Dialect, view: string, where: string): string {
  return `SELECT [${enclosed(where)}]\nFROM ${dialect.table(view)}`;
}

function enclosed(where: string): string {
  return `(\n${where}\n)`;
}

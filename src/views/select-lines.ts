import type { Dialect } from './dialect.ts';

/** A column of a SELECT: its name, and the expression that gives it. */
export type NamedExpression = { readonly name: string; readonly expression: string };

/**
 * The lines of a SELECT. An expression is one line, also where it holds line ends, as a path of JSON may: whoever indents lines
 * leaves what is inside of them as it is.
 *
 * @param from The lines from FROM on.
 */
export function selectLines(
  dialect: Dialect,
  columns: readonly NamedExpression[],
  from: readonly string[],
): readonly string[] {
  const listed = columns.map(({ name, expression }) => {
    const column = dialect.identifier(name);
    // A column that keeps its name: `table`.`name`.
    const isKept = expression.endsWith(`.${column}`) && /^.\w+.$/.test(expression.slice(0, -column.length - 1));
    return isKept ? `  ${expression}` : `  ${expression} AS ${column}`;
  });
  return ['SELECT', ...listed.map((line, index) => (index === listed.length - 1 ? line : `${line},`)), ...from];
}

/** The lines of a FROM clause that selects from a SELECT. */
export function fromLines(dialect: Dialect, select: readonly string[], alias: string): readonly string[] {
  return ['FROM (', ...select.map((line) => `  ${line}`), `) AS ${dialect.identifier(alias)}`];
}

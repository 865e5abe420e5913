/** Source: <https://cloud.google.com/bigquery/docs/schemas#column_names> */
const MAX_LENGTH = 300;

/** BigQuery reserves these prefixes, in any case. */
const RESERVED_PREFIXES = ['_TABLE_', '_FILE_', '_PARTITION', '_ROW_TIMESTAMP', '__ROOT__', '_COLIDENTIFIER'];

/** Names that every warehouse and every tool takes. Not all of them take BigQuery's "flexible" names. */
export const COLUMN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Why `name` can't name a column, in a phrase; `undefined` if it can. */
export function problemOfName(name: string): string | undefined {
  const problem = problemOf(name);
  return problem && `${shown(name)} ${problem}: give the column another name, and the attribute as path`;
}

/**
 * The pairs of names that would be one column: warehouses compare them without case.
 *
 * @returns Indexes into `names`, the later one first.
 */
export function collisionsOf(names: readonly string[]): readonly (readonly [later: number, earlier: number])[] {
  const owners = new Map<string, number>();
  return names.flatMap((name, index) => {
    const earlier = owners.get(name.toLowerCase());
    if (earlier !== undefined) return [[index, earlier] as const];
    owners.set(name.toLowerCase(), index);
    return [];
  });
}

/** A name that a column of an attribute can have: what no name may hold is `_`. */
export function columnNameFor(attribute: string): string {
  const name = attribute
    .replaceAll(/[^A-Za-z0-9_]/g, '_')
    .replace(/^(?=[0-9]|$)/, '_')
    .slice(0, MAX_LENGTH);
  return problemOf(name) === undefined ? name : `a${name}`.slice(0, MAX_LENGTH);
}

function problemOf(name: string): string | undefined {
  if (name.length > MAX_LENGTH) return `has ${name.length} characters, and a column's name at most ${MAX_LENGTH}`;
  if (!COLUMN_NAME.test(name)) return "isn't a column's name (letters, digits and _, no digit first)";
  const prefix = RESERVED_PREFIXES.find((reserved) => name.toUpperCase().startsWith(reserved));
  return prefix && `begins with ${prefix}, which BigQuery reserves`;
}

/** A name for a message: on one line, and cut if it is long. */
function shown(name: string): string {
  return JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
}

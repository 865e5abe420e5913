/** Columns of a line, as Prettier's default is. */
const WIDTH = 80;

const INDENT = '  ';

/**
 * Prints JSON as Prettier does: an object or a list on one line where it fits, a list of several objects with each on lines of
 * its own.
 *
 * @param indent What stands before each line but the first.
 * @param room Characters of the first line that are taken, and of the last one that will be.
 */
export function printJson(value: unknown, indent = '', room = indent.length): string {
  const flat = flatJson(value);
  if (flat !== undefined && room + flat.length <= WIDTH) return flat;
  const inner = `${indent}${INDENT}`;
  if (Array.isArray(value)) {
    const elements = value.map((element, index) =>
      printJson(element, inner, inner.length + commaOf(index, value.length)),
    );
    return bracketed('[', elements, ']', indent);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const members = entries.map(([name, member], index) => {
      const before = `${JSON.stringify(name)}: `;
      const taken = inner.length + before.length + commaOf(index, entries.length);
      return `${before}${printJson(member, inner, taken)}`;
    });
    return bracketed('{', members, '}', indent);
  }
  return JSON.stringify(value);
}

/** The value on one line; `undefined` if it has a list that never stands on one. */
function flatJson(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    if (value.length > 1 && value.every(isLarge)) return undefined;
    return joined('[', value.map(flatJson), ']');
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => {
    const flat = flatJson(member);
    return flat === undefined ? undefined : `${JSON.stringify(name)}: ${flat}`;
  });
  return members.length === 0 ? '{}' : joined('{ ', members, ' }');
}

function joined(open: string, parts: readonly (string | undefined)[], close: string): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(', ')}${close}`;
}

/** Whether it is an object or a list of more than one member. */
function isLarge(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 1;
}

function commaOf(index: number, length: number): number {
  return index === length - 1 ? 0 : 1;
}

function bracketed(open: string, parts: readonly string[], close: string, indent: string): string {
  if (parts.length === 0) return `${open}${close}`;
  return `${open}\n${parts.map((part) => `${indent}${INDENT}${part}`).join(',\n')}\n${indent}${close}`;
}

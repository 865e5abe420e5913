import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { printJson } from './print-json.ts';

/** Text that is put into another one: at an offset of that, without anything being taken out. */
export type Insertion = { readonly offset: number; readonly text: string };

/** Values that come behind the last one of a list in a JSON text. A list that isn't there is a new member of the whole. */
export type ListAddition = { readonly at: readonly (string | number)[]; readonly values: readonly unknown[] };

const USUAL_INDENT = '  ';

/**
 * How values are added to lists of a JSON text, which stays as it is: with its own line ends and indentation.
 *
 * @param json An object.
 */
export function insertionsOf(json: string, additions: readonly ListAddition[]): readonly Insertion[] {
  const root = parseTree(json);
  if (root === undefined) return [];
  const style = { unit: indentUnitOf(json), lineEnd: json.includes('\r\n') ? '\r\n' : '\n' };
  const missing = additions.filter(({ at }) => findNodeAtLocation(root, [...at]) === undefined);
  return [
    ...additions.flatMap(({ at, values }) => {
      const list = findNodeAtLocation(root, [...at]);
      return list === undefined
        ? []
        : [
            behindLast(
              json,
              list,
              values.map((value) => ({ before: '', value })),
              style,
            ),
          ];
    }),
    ...(missing.length === 0
      ? []
      : [
          behindLast(
            json,
            root,
            missing.map(({ at, values }) => ({ before: `${JSON.stringify(at[0])}: `, value: values })),
            style,
          ),
        ]),
  ].sort((a, b) => a.offset - b.offset);
}

/** The text with all insertions. */
export function inserted(text: string, insertions: readonly Insertion[]): string {
  let from = 0;
  let result = '';
  for (const { offset, text: added } of insertions) {
    result += text.slice(from, offset) + added;
    from = offset;
  }
  return result + text.slice(from);
}

type Style = { readonly unit: string; readonly lineEnd: string };

function behindLast(
  json: string,
  parent: Node,
  members: readonly { readonly before: string; readonly value: unknown }[],
  { unit, lineEnd }: Style,
): Insertion {
  const last = parent.children?.at(-1);
  const base = indentAt(json, parent.offset);
  const indent = last !== undefined && isFirstOfLine(json, last.offset) ? indentAt(json, last.offset) : base + unit;
  const printed = members.map(({ before, value }) => {
    const lines = printJson(value, '', indent.length + before.length).split('\n');
    return (
      before +
      lines
        .map((line) => line.replace(/^(?: {2})+/, (spaces) => unit.repeat(spaces.length / 2)))
        .join(`${lineEnd}${indent}`)
    );
  });
  const text = printed.map((member) => `${lineEnd}${indent}${member}`).join(',');
  if (last !== undefined) return { offset: last.offset + last.length, text: `,${text}` };
  return { offset: parent.offset + 1, text: `${text}${lineEnd}${base}` };
}

/** White space at the beginning of the line that an offset is in. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}

function isFirstOfLine(text: string, offset: number): boolean {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '';
}

/** What the first indented line begins with. */
function indentUnitOf(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? USUAL_INDENT;
}

import type { LikeliestPath } from '../../../src/schema/likeliest-path.ts';
import { isJsonStep, type Path } from '../../../src/schema/path.ts';
import type { SchemaColumn } from '../../../src/schema/schema.ts';
import { count, counted, oneLine, size } from '../../terminal/format.ts';
import type { ColumnFinding, ViewFindings } from './findings.ts';
import type { NamesRead } from './item-names.ts';

/**
 * What a view finds in its rows, as lines for a person: columns that none has first, then what doesn't fit.
 *
 * @param isEmptyTable Whether there are no items at all. @default true, of a view without rows
 */
export function findingLines({ items, columns, names }: ViewFindings, isEmptyTable = true): readonly string[] {
  if (items === 0) {
    return isEmptyTable
      ? ['There are no items yet: whether they have these attributes, and of which types, is unknown.']
      : ['It has no row: whether its columns fit is unknown.'];
  }
  const absent = columns.filter(({ isAbsent }) => isAbsent);
  const misfits = columns.filter((column) => column.misfits > 0);
  return [
    ...absent.map(absentLine),
    ...(names === null ? [] : namesLines(names)),
    ...columns.filter(({ isNeverSplit }) => isNeverSplit).map(neverSplitLine),
    ...misfits.flatMap(misfitLines),
    ...(misfits.length > 0 || absent.length === columns.length
      ? []
      : [absent.length > 0 ? 'Every value of the other columns fits.' : 'Every value fits.']),
  ];
}

/** Tells that no item has a column's path, and what it was probably meant to be. */
export function absentLine({ column, likeliest }: ColumnFinding): string {
  const [only] = column.path;
  const which = column.path.length === 1 && only === column.name ? '' : ` (column ${column.name})`;
  return oneLine(absentText(column.path, likeliest, which));
}

/**
 * Tells that no item has a path.
 *
 * @param which What asks for it, in parentheses behind a space; nothing if the path says it all.
 */
export function absentText(wanted: Path, likeliest: LikeliestPath | undefined, which: string): string {
  const path = pathText(wanted);
  if (likeliest === undefined) return `${path}: no item has it${which}.`;
  if (likeliest.how === 'near') return `${path}: no item has it; did you mean ${pathText(likeliest.path)}?${which}`;
  const [first = '', ...steps] = likeliest.path;
  const inside = steps.map((step) => `\`${step}\``).join(' with ');
  return `${path}: no attribute of that name; there is \`${first}\` with ${inside} inside: ${pathText(likeliest.path)}${which}`;
}

/** Tells that a column's `split` is right for no value at all. */
export function neverSplitLine({ column }: ColumnFinding): string {
  const { name, split } = column;
  return oneLine(`${name}: no value has a part ${split?.index} between ${JSON.stringify(split?.separator)}.`);
}

/** A key of a value that doesn't fit, and its type. */
export function misfitLine({ key, type }: { readonly key: string; readonly type: string }): string {
  return oneLine(`${type.padEnd(7)}  ${key}`);
}

/** How many values don't fit a column. */
export function misfitsText({ name, type, path, split }: SchemaColumn, misfits: number): string {
  const reasons = [
    ...(path.some(isJsonStep) ? ['in a text that is no JSON'] : []),
    ...(split === undefined ? [] : [`without a part ${split.index} between ${JSON.stringify(split.separator)}`]),
    `not ${type}`,
  ];
  return `${name}: ${counted(misfits, 'value')} ${reasons.join(', or ')}, NULL in the view`;
}

/** Which items' names were read, where it weren't all. */
export function namesLines(names: NamesRead): readonly string[] {
  switch (names.of) {
    case 'all':
      return [];
    case 'shapes':
      return [`The names come from the items of the ${count(names.shapes)} most frequent shapes.`];
    case 'sample':
      return [`The names come from a sample of about ${counted(names.items, 'item')}.`];
    case 'none':
      return [`The names that items have were not read: that would be billed as more than ${size(names.maxBytes)}.`];
  }
}

function misfitLines({ column, misfits, listed }: ColumnFinding): readonly string[] {
  const more = misfits - listed.length;
  return [
    `${misfitsText(column, misfits)}${listed.length === 0 ? '.' : ':'}`,
    ...listed.map((misfit) => `  ${misfitLine(misfit)}`),
    ...(more > 0 && listed.length > 0 ? [`  and ${counted(more, 'more value')}`] : []),
  ];
}

/** A path as a schema spells it: one name as it is, more steps as a JSON array. */
export function pathText(path: Path): string {
  const [only] = path;
  return `\`${path.length === 1 && typeof only === 'string' ? only : JSON.stringify(path)}\``;
}

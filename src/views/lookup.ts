import type { ObjectNames } from '../names/object-names.ts';
import type { Dialect } from './dialect.ts';

/** The parameter of {@link lookupSelect}: an array of keys. */
export const LOOKUP_KEYS = 'keys';

/** The items of the latest view with one of the keys in the parameter {@link LOOKUP_KEYS}, the JSON as its text. */
export function lookupSelect(dialect: Dialect, names: ObjectNames): string {
  const q = dialect.identifier;
  return [
    `SELECT ${q('key')}, ${q('digest')}, ${dialect.jsonText(q('item'))} AS ${q('item')}`,
    `FROM ${dialect.table(names.latest)}`,
    `WHERE ${dialect.isAmong(q('key'), LOOKUP_KEYS)}`,
  ].join('\n');
}

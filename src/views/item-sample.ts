import type { ObjectNames } from '../names/object-names.ts';
import type { Dialect } from './dialect.ts';
import { inSample, type KeySample } from './sample.ts';

/** The items of a sample of the latest view with their keys, the JSON as its text, in order of the keys, those behind `after`. */
export function itemSampleSelect(
  dialect: Dialect,
  names: ObjectNames,
  sample: KeySample,
  { limit, after }: { readonly limit: number; readonly after: string | null },
): string {
  const q = dialect.identifier;
  const key = q('key');
  const condition = inSample(dialect, key, sample);
  const conditions = [
    ...(condition === null ? [] : [condition]),
    ...(after === null ? [] : [`${key} > ${dialect.text(after)}`]),
  ];
  return [
    `SELECT ${key}, ${dialect.jsonText(q('item'))} AS ${q('item')}`,
    `FROM ${dialect.table(names.latest)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join('\n  AND ')}`]),
    `ORDER BY ${key}`,
    `LIMIT ${limit}`,
  ].join('\n');
}

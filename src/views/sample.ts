import type { ObjectNames } from '../names/object-names.ts';
import type { Dialect } from './dialect.ts';

/** A part of all keys, taken by a hash of them: the same `salt` takes the same ones. */
export type KeySample = {
  /** Above 0, at most 1. */
  readonly share: number;
  readonly salt: string;
};

/** Hexadecimal digits that tell a share: one key in four billion. */
const DIGITS = 8;

/** Where a page of a sample begins, and how long it is. */
type Page = { readonly limit: number; readonly after: string | null };

/** The keys and digests of a sample of the latest view, in order of the keys' text, those behind `after`. */
export function sampleSelect(dialect: Dialect, names: ObjectNames, sample: KeySample, page: Page): string {
  return pageSelect(dialect, names, sample, page, dialect.identifier('digest'));
}

/** As {@link sampleSelect}, the items themselves, their JSON as its text. */
export function itemSampleSelect(dialect: Dialect, names: ObjectNames, sample: KeySample, page: Page): string {
  const item = dialect.identifier('item');
  return pageSelect(dialect, names, sample, page, `${dialect.jsonText(item)} AS ${item}`);
}

function pageSelect(
  dialect: Dialect,
  names: ObjectNames,
  sample: KeySample,
  { limit, after }: Page,
  selected: string,
): string {
  const key = dialect.identifier('key');
  const condition = inSample(dialect, key, sample);
  const conditions = [
    ...(condition === null ? [] : [condition]),
    ...(after === null ? [] : [`${key} > ${dialect.text(after)}`]),
  ];
  return [
    `SELECT ${key}, ${selected}`,
    `FROM ${dialect.table(names.latest)}`,
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join('\n  AND ')}`]),
    `ORDER BY ${key}`,
    `LIMIT ${limit}`,
  ].join('\n');
}

/** The test that a key is in a sample; `null` if all are. */
export function inSample(dialect: Dialect, key: string, { share, salt }: KeySample): string | null {
  if (share >= 1) return null;
  return `${dialect.hash(`CONCAT(${dialect.text(salt)}, ${key})`)} < ${dialect.text(bound(share))}`;
}

/** Hashes below it are the share of all. */
function bound(share: number): string {
  return Math.floor(share * 16 ** DIGITS)
    .toString(16)
    .padStart(DIGITS, '0');
}

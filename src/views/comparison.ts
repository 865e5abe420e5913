import { comparisonName, type ObjectNames } from '../names/object-names.ts';
import type { Published } from '../snapshot/published.ts';
import type { SnapshotId } from '../snapshot/snapshot-id.ts';
import { type Dialect, indent } from './dialect.ts';
import type { KeyCondition } from './key-condition.ts';
import { stateDigests } from './state.ts';

/** What is compared with the latest view: a comparison's own table, by its id, or a snapshot's. */
export type ComparedSource = ({ readonly comparison: string } | { readonly snapshot: SnapshotId }) & {
  /** Only keys of which it holds are looked at, on both sides; without, all. */
  readonly among?: KeyCondition | undefined;
  /**
   * What the state stands on. With it the state is spelled out in place of the latest view, so that a condition on keys
   * reaches everything that is read.
   */
  readonly published?: Published | undefined;
};

/** Keys of both sides, or of the source alone. */
type Scope = 'both' | 'source';

const JOINS: Readonly<Record<Scope, string>> = { both: 'FULL OUTER JOIN', source: 'LEFT JOIN' };

/** Counts of a comparison: `source` (distinct keys), `latest` (rows) and `differing` (keys). */
export function comparisonCounts(dialect: Dialect, names: ObjectNames, source: ComparedSource, scope: Scope): string {
  const q = dialect.identifier;
  return [
    `SELECT COUNT(${q('source_key')}) AS ${q('source')}, COUNT(${q('latest_key')}) AS ${q('latest')},`,
    `  COUNT(${q('finding')}) AS ${q('differing')}`,
    `FROM (`,
    indent(compared(dialect, names, source, scope)),
    `) AS ${q('compared')}`,
  ].join('\n');
}

/** The keys that differ and how (`missing`, `extra`, `different`), in order of the keys' text, those behind `after`. */
export function comparisonFindings(
  dialect: Dialect,
  names: ObjectNames,
  source: ComparedSource,
  { scope, limit, after }: { readonly scope: Scope; readonly limit: number; readonly after: string | null },
): string {
  const q = dialect.identifier;
  const key = `COALESCE(${q('source_key')}, ${q('latest_key')})`;
  return [
    `SELECT ${key} AS ${q('key')}, ${q('finding')}`,
    `FROM (`,
    indent(compared(dialect, names, source, scope)),
    `) AS ${q('compared')}`,
    `WHERE ${q('finding')} IS NOT NULL${after === null ? '' : ` AND ${key} > ${dialect.text(after)}`}`,
    `ORDER BY ${q('key')}`,
    `LIMIT ${limit}`,
  ].join('\n');
}

/**
 * Some of the keys that agree: those whose hash with `salt` is lowest, so another salt gives another sample and the
 * same salt the same one.
 */
export function comparisonSample(
  dialect: Dialect,
  names: ObjectNames,
  source: ComparedSource,
  { limit, salt }: { readonly limit: number; readonly salt: string },
): string {
  const q = dialect.identifier;
  return [
    `SELECT ${q('source_key')} AS ${q('key')}`,
    `FROM (`,
    indent(compared(dialect, names, source, 'source')),
    `) AS ${q('compared')}`,
    `WHERE ${q('finding')} IS NULL`,
    `ORDER BY MD5(CONCAT(${dialect.text(salt)}, ${q('source_key')})), ${q('source_key')}`,
    `LIMIT ${limit}`,
  ].join('\n');
}

/**
 * Every key of either side, or of the source, and how it differs: NULL where the sides agree.
 *
 * A key read twice with two digests was changed in between: it counts as different, to be read again, rather than as
 * agreeing because one of the two does.
 */
function compared(dialect: Dialect, names: ObjectNames, of: ComparedSource, scope: Scope): string {
  const q = dialect.identifier;
  const { among, published } = of;
  const [source, latest] = [q('source'), q('latest')];
  const latestView =
    published === undefined
      ? dialect.table(names.latest)
      : `(\n${indent(stateDigests(dialect, names, published, among))}\n)`;
  const table = 'snapshot' in of ? names.snapshot(of.snapshot) : comparisonName(of.comparison);
  return [
    `SELECT ${source}.${q('key')} AS ${q('source_key')}, ${latest}.${q('key')} AS ${q('latest_key')},`,
    `  CASE`,
    `    WHEN ${latest}.${q('key')} IS NULL THEN 'missing'`,
    `    WHEN ${source}.${q('key')} IS NULL THEN 'extra'`,
    `    WHEN ${source}.${q('lowest')} IS DISTINCT FROM ${latest}.${q('digest')} THEN 'different'`,
    `    WHEN ${source}.${q('highest')} IS DISTINCT FROM ${latest}.${q('digest')} THEN 'different'`,
    `  END AS ${q('finding')}`,
    `FROM (`,
    `  SELECT ${q('key')}, MIN(${q('digest')}) AS ${q('lowest')}, MAX(${q('digest')}) AS ${q('highest')}`,
    `  FROM ${dialect.table(table)}`,
    ...(among ? [`  WHERE ${among(q('key'))}`] : []),
    `  GROUP BY ${q('key')}`,
    `) AS ${source}`,
    `${JOINS[scope]} ${latestView} AS ${latest} ON ${source}.${q('key')} = ${latest}.${q('key')}`,
  ].join('\n');
}

import { comparisonName, type ObjectNames } from '../names/object-names.ts';
import { type Dialect, indent } from './dialect.ts';

/** What decides on statuses, besides the rows. Times are milliseconds since the epoch. */
export type GapTerms = {
  /** Names the table of what the stream holds; see {@link comparisonName}. */
  readonly id: string;
  /** What changed after this may still be on its way. */
  readonly lagCutoff: number;
  /** The changelog's rows that were ingested before this aren't read: all changes that the stream holds were ingested since. */
  readonly ingestedSince: number;
  /** Looks at a part of what the stream holds; by default at all of it. No range goes beyond it. */
  readonly slice?: StreamedSlice;
};

/** A part of what the stream holds, in the order of shards and positions; `null` where it is open. */
export type StreamedSlice = { readonly after: StreamedPlace | null; readonly upTo: StreamedPlace | null };

export type StreamedPlace = { readonly shardId: string; readonly position: string };

/** How many distinct changes the stream holds, as `records`, by their `standing`. */
export function gapCounts(dialect: Dialect, names: ObjectNames, terms: GapTerms): string {
  const q = dialect.identifier;
  return [
    `SELECT ${q('standing')}, COUNT(*) AS ${q('records')}`,
    `FROM (`,
    indent(judged(dialect, names, terms)),
    `) AS ${q('judged')}`,
    `GROUP BY ${q('standing')}`,
  ].join('\n');
}

/**
 * The changes that aren't in the changelog, as ranges of changes that follow each other in their shard and stand alike;
 * in order of shard and position.
 *
 * `first_place` and `last_place` are a position, `/`, and the sequence number as the stream spells it; `last_ordinal` is
 * the number of the last change among those of its shard, of which no two share one, as they may a position.
 *
 * @param after The range that the ones before ended with; `null` begins.
 */
export function gapRanges(
  dialect: Dialect,
  names: ObjectNames,
  terms: GapTerms,
  {
    limit,
    after,
  }: { readonly limit: number; readonly after: { readonly shardId: string; readonly ordinal: number } | null },
): string {
  const q = dialect.identifier;
  const beyond =
    after &&
    `(${q('shard_id')} > ${dialect.text(after.shardId)}` +
      ` OR (${q('shard_id')} = ${dialect.text(after.shardId)} AND ${q('ordinal')} > ${after.ordinal}))`;
  return [
    `SELECT ${q('shard_id')}, ${q('standing')}, MIN(${q('place')}) AS ${q('first_place')},`,
    `  MAX(${q('place')}) AS ${q('last_place')}, COUNT(*) AS ${q('records')},`,
    `  MAX(${q('ordinal')}) AS ${q('last_ordinal')}`,
    `FROM (`,
    `  SELECT ${q('shard_id')}, ${q('place')}, ${q('standing')}, ${q('ordinal')},`,
    // The same number throughout a run: both count up by one within it.
    `    ${q('ordinal')} - ROW_NUMBER() OVER (`,
    `      PARTITION BY ${q('shard_id')}, ${q('standing')} ORDER BY ${q('ordinal')}`,
    `    ) AS ${q('run')}`,
    `  FROM (`,
    indent(judged(dialect, names, terms), '    '),
    `  ) AS ${q('judged')}`,
    `) AS ${q('runs')}`,
    `WHERE ${q('standing')} <> 'present'${beyond ? `\n  AND ${beyond}` : ''}`,
    `GROUP BY ${q('shard_id')}, ${q('standing')}, ${q('run')}`,
    `ORDER BY ${q('shard_id')}, ${q('last_ordinal')}`,
    `LIMIT ${limit}`,
  ].join('\n');
}

/** Every change that the stream holds, once, with its number within its shard and its standing. */
function judged(dialect: Dialect, names: ObjectNames, { id, lagCutoff, ingestedSince, slice }: GapTerms): string {
  const q = dialect.identifier;
  const [held, kept] = [q('held'), q('kept')];
  const within = slice ? conditionsOf(dialect, slice) : [];
  return [
    `SELECT ${held}.${q('shard_id')}, ${held}.${q('place')}, ${held}.${q('ordinal')},`,
    `  CASE`,
    `    WHEN ${kept}.${q('key')} IS NOT NULL THEN 'present'`,
    `    WHEN ${held}.${q('parked')} = 1 THEN 'parked'`,
    `    WHEN ${held}.${q('changed_at')} > ${dialect.timestamp(lagCutoff)} THEN 'in-flight'`,
    `    ELSE 'missing'`,
    `  END AS ${q('standing')}`,
    `FROM (`,
    `  SELECT ${q('shard_id')}, ${q('position')}, ${q('key')},`,
    `    CONCAT(${q('position')}, '/', MIN(${q('sequence_number')})) AS ${q('place')},`,
    `    MAX(${q('changed_at')}) AS ${q('changed_at')}, MAX(${q('parked')}) AS ${q('parked')},`,
    `    ROW_NUMBER() OVER (PARTITION BY ${q('shard_id')} ORDER BY ${q('position')}, ${q('key')}) AS ${q('ordinal')}`,
    `  FROM ${dialect.table(comparisonName(id))}`,
    ...where(within, '  '),
    `  GROUP BY ${q('shard_id')}, ${q('position')}, ${q('key')}`,
    `) AS ${held}`,
    `LEFT JOIN (`,
    `  SELECT DISTINCT ${q('position')}, ${q('key')}`,
    `  FROM ${dialect.table(names.changelog)}`,
    `  WHERE ${q('ingested_at')} >= ${dialect.timestamp(ingestedSince)}`,
    ...(within.length === 0 ? [] : [indent(amongHeld(dialect, id, within))]),
    `) AS ${kept}`,
    `ON ${held}.${q('position')} = ${kept}.${q('position')} AND ${held}.${q('key')} = ${kept}.${q('key')}`,
  ].join('\n');
}

/** Of the changelog only what a slice holds is kept in memory, however large either is. */
function amongHeld(dialect: Dialect, id: string, within: readonly string[]): string {
  const q = dialect.identifier;
  return [
    `AND (${q('position')}, ${q('key')}) IN (`,
    `  SELECT (${q('position')}, ${q('key')})`,
    `  FROM ${dialect.table(comparisonName(id))}`,
    ...where(within, '  '),
    `)`,
  ].join('\n');
}

function conditionsOf(dialect: Dialect, { after, upTo }: StreamedSlice): readonly string[] {
  const [shard, position] = [dialect.identifier('shard_id'), dialect.identifier('position')];
  const beyond = (order: '>' | '<', equal: '>' | '<=', place: StreamedPlace) =>
    `(${shard} ${order} ${dialect.text(place.shardId)}` +
    ` OR (${shard} = ${dialect.text(place.shardId)} AND ${position} ${equal} ${dialect.text(place.position)}))`;
  return [...(after ? [beyond('>', '>', after)] : []), ...(upTo ? [beyond('<', '<=', upTo)] : [])];
}

function where(conditions: readonly string[], by: string): readonly string[] {
  return conditions.length === 0 ? [] : [`${by}WHERE ${conditions.join(`\n${by}  AND `)}`];
}

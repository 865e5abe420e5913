import { comparisonName, type ObjectNames } from '../names/object-names.ts';
import type { Dialect } from './dialect.ts';

/**
 * Counts of a comparison: `source` (distinct keys), `latest` (rows) and `total` (keys that differ).
 *
 * @param id Names the comparison's table; see {@link comparisonName}.
 */
export function comparisonCounts(dialect: Dialect, names: ObjectNames, id: string): string {
  const q = dialect.identifier;
  return [
    `SELECT COUNT(${q('source_key')}) AS ${q('source')}, COUNT(${q('latest_key')}) AS ${q('latest')},`,
    `  COUNT(${q('finding')}) AS ${q('total')}`,
    `FROM (`,
    indent(compared(dialect, names, id)),
    `) AS ${q('compared')}`,
  ].join('\n');
}

/** The keys that differ and how (`missing`, `extra`, `different`), in order of the keys' text. */
export function comparisonFindings(dialect: Dialect, names: ObjectNames, id: string, limit: number): string {
  const q = dialect.identifier;
  return [
    `SELECT COALESCE(${q('source_key')}, ${q('latest_key')}) AS ${q('key')}, ${q('finding')}`,
    `FROM (`,
    indent(compared(dialect, names, id)),
    `) AS ${q('compared')}`,
    `WHERE ${q('finding')} IS NOT NULL`,
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
  id: string,
  { limit, salt }: { readonly limit: number; readonly salt: string },
): string {
  const q = dialect.identifier;
  return [
    `SELECT ${q('source_key')} AS ${q('key')}`,
    `FROM (`,
    indent(compared(dialect, names, id)),
    `) AS ${q('compared')}`,
    `WHERE ${q('finding')} IS NULL`,
    `ORDER BY MD5(CONCAT(${dialect.text(salt)}, ${q('source_key')})), ${q('source_key')}`,
    `LIMIT ${limit}`,
  ].join('\n');
}

/**
 * Every key of either side, and how it differs: NULL where the sides agree.
 *
 * A key read twice with two digests was changed in between: it counts as different, to be read again, rather than as
 * agreeing because one of the two does.
 */
function compared(dialect: Dialect, names: ObjectNames, id: string): string {
  const q = dialect.identifier;
  const [source, latest] = [q('source'), q('latest')];
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
    `  FROM ${dialect.table(comparisonName(id))}`,
    `  GROUP BY ${q('key')}`,
    `) AS ${source}`,
    `FULL OUTER JOIN ${dialect.table(names.latest)} AS ${latest} ON ${source}.${q('key')} = ${latest}.${q('key')}`,
  ].join('\n');
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}

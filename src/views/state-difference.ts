import type { ObjectNames } from '../names/object-names.ts';
import type { Published } from '../snapshot/published.ts';
import { type Dialect, indent } from './dialect.ts';
import type { KeyCondition } from './key-condition.ts';
import { stateDigests } from './state.ts';

const FINDINGS = ['added', 'removed', 'different', 'unchanged'] as const;

/**
 * Counts how the state over `after` differs from the one over `before`: the
 * columns `added`, `removed`, `different` and `unchanged`, in items, by their digests.
 *
 * Both states are spelled out, with the literals that a view over them has: neither need be published.
 *
 * @param among Counts only keys of which it holds.
 */
export function stateDifference(
  dialect: Dialect,
  names: ObjectNames,
  before: Published,
  after: Published,
  among?: KeyCondition,
): string {
  const q = dialect.identifier;
  const count = (finding: (typeof FINDINGS)[number]) =>
    `COUNT(CASE WHEN ${q('finding')} = '${finding}' THEN 1 END) AS ${q(finding)}`;
  const [old, next] = [q('before'), q('after')];
  return [
    `SELECT`,
    FINDINGS.map((finding) => `  ${count(finding)}`).join(',\n'),
    `FROM (`,
    `  SELECT`,
    `    CASE`,
    `      WHEN ${old}.${q('key')} IS NULL THEN 'added'`,
    `      WHEN ${next}.${q('key')} IS NULL THEN 'removed'`,
    `      WHEN ${old}.${q('digest')} IS DISTINCT FROM ${next}.${q('digest')} THEN 'different'`,
    `      ELSE 'unchanged'`,
    `    END AS ${q('finding')}`,
    `  FROM (`,
    indent(stateDigests(dialect, names, before, among), '    '),
    `  ) AS ${old}`,
    `  FULL OUTER JOIN (`,
    indent(stateDigests(dialect, names, after, among), '    '),
    `  ) AS ${next} ON ${old}.${q('key')} = ${next}.${q('key')}`,
    `) AS ${q('compared')}`,
  ].join('\n');
}

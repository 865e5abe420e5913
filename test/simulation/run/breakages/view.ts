// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of source files.
import type { Breakage } from '../breakage.ts';

/** In the order of changes, the latest view, and the times that it goes by. */
export const VIEW_BREAKAGES: readonly Breakage[] = [
  {
    name: 'position unpadded',
    file: 'src/order/position.ts',
    find: "`${label}/${sequenceNumber.padStart(MAX_DIGITS, '0')}`",
    replace: '`${label}/${sequenceNumber}`',
  },
  {
    name: 'position without its label',
    file: 'src/order/position.ts',
    find: "`${label}/${sequenceNumber.padStart(MAX_DIGITS, '0')}`",
    replace: "`stream/${sequenceNumber.padStart(MAX_DIGITS, '0')}`",
  },
  {
    name: 'child shard before its parent',
    file: 'src/stream/shard-tree.ts',
    find: '(!parent || isDone(parent.id))',
    replace: 'true',
  },
  {
    name: 'tombstones dropped first',
    file: 'src/views/changes.ts',
    find: "`${q('generation')} = ${generation}`,",
    replace: "`${q('generation')} = ${generation}`, `${q('operation')} <> 'REMOVE'`,",
  },
  {
    name: 'snapshot row beats changelog row',
    file: 'src/views/changes.ts',
    find: "...(among ? [among(q('key'))] : []),\n  ];",
    replace:
      "...(published.snapshotId ? [`${q('key')} NOT IN (SELECT ${q('key')} FROM ${dialect.table(names.snapshot(published.snapshotId))})`] : []),\n  ];",
  },
  {
    name: 'floor not compared',
    file: 'src/views/changes.ts',
    find: "`${q('changed_at')} >= ${dialect.timestamp(floor)}`",
    replace: "'TRUE'",
  },
  {
    name: 'label not compared',
    file: 'src/views/changes.ts',
    find: "`${q('position')} >= ${dialect.text(lowestPosition(streamLabel))}`",
    replace: "'TRUE'",
  },
  {
    name: 'what a publication changes reported the wrong way round',
    file: 'src/destination/duckdb/compare-states.ts',
    find: 'names, before, after, among)',
    replace: 'names, after, before, among)',
  },
  {
    name: 'different items counted as unchanged',
    file: 'src/views/state-difference.ts',
    find: 'IS DISTINCT FROM',
    replace: 'IS NOT DISTINCT FROM',
  },
  { name: 'floor at started_at', file: 'src/snapshot/floor.ts', find: '5 * 60 * 1000', replace: '0' },
  {
    name: "floor by the machine's own clock",
    file: 'backfill/backfill-job.ts',
    find: 'const startedAt = await reader.serverTime(table.name);',
    replace: 'const startedAt = options.clock.now();',
  },
  {
    name: 'changed_at from the clock',
    file: 'src/delivery/stream-handler.ts',
    find: 'const rowContext = { transform, origin };',
    replace:
      'const rowContext = { transform, origin };' +
      ' for (const { change } of decoded.changes) Object.assign(change, { changedAt: clock.now() });',
  },
];

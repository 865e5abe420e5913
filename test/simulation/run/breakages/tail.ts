// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of source files.
import type { Breakage } from '../breakage.ts';

/** In the rule of the tail and its clocks, and in compactions. */
export const TAIL_BREAKAGES: readonly Breakage[] = [
  {
    name: "no margin in a fold's from",
    file: 'src/destination/bigquery/tail-start.ts',
    find: '(answeredAt ?? dataset.caller.clock.now()) - STAMP_MARGIN_MS',
    replace: '(answeredAt ?? dataset.caller.clock.now())',
  },
  {
    name: "a scan's from at its floor, with writers twenty minutes off",
    file: 'src/destination/bigquery/tail-start.ts',
    find: 'Math.max(floor - STAMP_MARGIN_MS,',
    replace: 'Math.max(floor,',
  },
  {
    name: "a scan's from at its floor, in a file whose clock is behind",
    file: 'src/destination/duckdb/tail-start.ts',
    find: 'const from = Math.min(floor, await foldFrom(session, now), oldest ?? floor);',
    replace: 'const from = floor;',
  },
  {
    name: "a scan's from without the stamps that are there",
    file: 'src/destination/duckdb/tail-start.ts',
    find: 'await foldFrom(session, now), oldest ?? floor);',
    replace: 'await foldFrom(session, now));',
  },
  {
    name: 'the tail by changed_at',
    file: 'src/views/changes.ts',
    find: "`${q('ingested_at')} >= ${dialect.timestamp(from)}`",
    replace: "`${q('changed_at')} >= ${dialect.timestamp(from)}`",
  },
  {
    name: 'a fold by the clock of another machine',
    file: 'src/destination/bigquery/tail-start.ts',
    find: '(answeredAt ?? dataset.caller.clock.now())',
    replace: '(answeredAt === 0 ? 0 : dataset.caller.clock.now())',
  },
  {
    name: "a fold by its machine's clock, not the file's",
    file: 'src/destination/duckdb/tail-start.ts',
    find: 'return millisecondsOf(await session.transaction(() => tick(session, now)));',
    replace: 'return now;',
  },
  {
    name: "a file's fold that takes in what is appended between its parts",
    file: 'src/destination/duckdb/make-snapshot.ts',
    find: '{ among, until }',
    replace: '{ among }',
  },
  {
    name: "the file's clock from its newest row",
    file: 'src/destination/duckdb/tail-start.ts',
    find: 'session.transaction(() => tick(session, now))',
    replace: 'session.dryRun(() => tick(session, now))',
  },
  {
    name: 'a stamp kept through an outage of three hours',
    file: 'src/destination/bigquery/insert.ts',
    find: "if (answeredAt !== null && !isInTime(stamp, answeredAt)) throw new ApiFailure({ reason: 'staleStamp' });",
    replace: '',
  },
  {
    name: 'a late load job counted',
    file: 'src/destination/bigquery/changelog-loader.ts',
    find: 'if (isInTime(window * WINDOW_MS, endedAt)) return;',
    replace: 'return;',
  },
  {
    name: 'tombstones dropped before the horizon',
    file: 'src/views/snapshot.ts',
    find: "`(${removed(table)} IS NOT TRUE OR ${q(table)}.${q('changed_at')} >= ${dialect.timestamp(floor)})`",
    replace: '`${removed(table)} IS NOT TRUE`',
  },
  {
    name: 'the greatest position as it is stored',
    file: 'src/views/snapshot.ts',
    find: "const position = wholePosition(dialect, q('position'), streamLabel);",
    replace: "const position = q('position');",
  },
  {
    name: 'positions compared as they are stored',
    file: 'src/views/changes.ts',
    find: "wholePosition(dialect, q('position'), streamLabel)",
    replace: "q('position')",
  },
  {
    name: 'positions dropped',
    file: 'src/views/snapshot.ts',
    find: 'return typedState(dialect, names, parts, rows, part);',
    replace:
      'return `SELECT * REPLACE (CAST(NULL AS VARCHAR) AS position) FROM (\\n${typedState(dialect, names, parts, rows, part)}\\n)`;',
  },
  {
    name: 'the snapshot wins ties',
    file: 'src/views/changes.ts',
    find: "${position('snapshot')} > ${position('newest')}",
    replace: "${position('snapshot')} >= ${position('newest')}",
  },
  {
    name: 'compaction published over what it did not fold',
    file: 'src/snapshot/publication-rule.ts',
    find: "if (by === 'compaction' || !isSameReading(current, startedFrom))",
    replace: 'if (!isSameReading(current, startedFrom))',
  },
  {
    name: 'published by identity, not by reading',
    file: 'src/snapshot/publication-rule.ts',
    find: "if (by === 'compaction' || !isSameReading(current, startedFrom))",
    replace: 'if (true)',
  },
  {
    name: 'retention by the published snapshot alone',
    file: 'src/snapshot/retention-rule.ts',
    find: ".filter(({ reason }) => reason !== 'foreign' || table.tableId === null)",
    replace: ".filter(({ reason }) => reason === 'published')",
  },
  {
    name: 'retention by the kept snapshots alone',
    file: 'src/snapshot/retention-rule.ts',
    find: ".filter(({ reason }) => reason !== 'foreign' || table.tableId === null)",
    replace: ".filter(({ reason }) => reason === 'published' || reason === 'kept')",
  },
  {
    name: 'published behind kept_since',
    file: 'src/snapshot/publication-rule.ts',
    find: 'return from !== null && from < keptSince;',
    replace: 'return false;',
  },
];

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of source files.
import type { Breakage } from './breakage.ts';

/**
 * Deliberate breakages of the product, each of a rule that stands there because leaving it out goes wrong. The simulation
 * must find every one of them, or it proves less than it seems to.
 */
export const BREAKAGES: readonly Breakage[] = [
  // Order.
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
  // The view.
  {
    name: 'tombstones dropped first',
    file: 'src/views/latest.ts',
    find: "`${q('generation')} = ${generation}`,",
    replace: "`${q('generation')} = ${generation}`, `${q('operation')} <> 'REMOVE'`,",
  },
  {
    name: 'snapshot row beats changelog row',
    file: 'src/views/latest.ts',
    find: "ORDER BY ${q('position')} DESC NULLS LAST",
    replace: "ORDER BY ${q('position')} DESC NULLS FIRST",
  },
  {
    name: 'floor not compared',
    file: 'src/views/latest.ts',
    find: "`${q('changed_at')} >= ${dialect.timestamp(floor)}`",
    replace: "'TRUE'",
  },
  {
    name: 'label not compared',
    file: 'src/views/latest.ts',
    find: "`${q('position')} >= ${dialect.text(lowestPosition(streamLabel))}`",
    replace: "'TRUE'",
  },
  // Time.
  { name: 'floor at started_at', file: 'src/snapshot/floor.ts', find: '5 * 60 * 1000', replace: '0' },
  {
    name: 'floor by the own clock',
    file: 'backfill/backfill-job.ts',
    find: 'const startedAt = await reader.serverTime(table.name);',
    replace: 'const startedAt = options.clock.now();',
  },
  {
    name: 'changed_at from the clock',
    file: 'src/changelog/row.ts',
    find: 'changedAt: change.changedAt,',
    replace: 'changedAt: ingestedAt,',
  },
  // Snapshots.
  {
    name: 'publish without compare',
    file: 'src/destination/duckdb/publish.ts',
    find: 'if (!isSamePublished(current, expected))',
    replace: 'if (false)',
  },
  {
    name: 'stream not looked at again before publishing',
    file: 'backfill/backfill.ts',
    find: 'await assertSameStream({ ...description, stream: streamOf(job) }, reader, streams);',
    replace: '',
  },
  {
    name: 'young stream not waited for',
    file: 'backfill/stream-readiness.ts',
    find: 'if (minStreamAgeMs <= 0) return;',
    replace: 'return;',
  },
  {
    name: 'empty scan page taken for the end',
    file: 'backfill/scan.ts',
    find: 'startKey = page.lastKey;',
    replace: 'startKey = page.items.length === 0 ? null : page.lastKey;',
  },
  {
    name: 'verify without looking again',
    file: 'backfill/settlement.ts',
    find: "if (look.at - since >= this.#lagMs && looks >= MIN_STILL_LOOKS) return 'differs';",
    replace: "if (look.at >= 0) return 'differs';",
  },
  // Delivery.
  {
    name: 'refusal acknowledged',
    file: 'src/delivery/stream-handler.ts',
    find: 'await destination.append(',
    replace: 'await (async (...all) => destination.append(...all).catch(() => []))(',
  },
  {
    name: 'only one of two failures reported',
    file: 'src/delivery/stream-handler.ts',
    find: 'unkept.map((itemIdentifier)',
    replace: 'unkept.slice(-1).map((itemIdentifier)',
  },
  {
    name: 'unkept dead letter acknowledged',
    file: 'src/delivery/set-aside.ts',
    find: 'unkept.push(sequenceNumber);',
    replace: '',
  },
  {
    name: 'stopped rows given up',
    file: 'src/destination/bigquery/insert.ts',
    find: 'left.filter(({ index }) => !bad.has(index))',
    replace: '[]',
  },
  {
    name: 'stopped rows set aside',
    file: 'src/destination/bigquery/insert-errors.ts',
    find: "if (reason === 'stopped') continue;",
    replace: '',
  },
  // Reading the stream.
  {
    name: 'checkpoint before durable',
    file: 'src/stream/shard-follower.ts',
    find: 'const settled = await this.#deliver(records);',
    replace:
      "this.#update({ resume: { at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: lastSequenceNumber(records) ?? '' } });" +
      'const settled = await this.#deliver(records);',
  },
  {
    name: 'highest of two reported numbers',
    file: 'src/stream/settled.ts',
    find: 'compareSequenceNumbers(itemIdentifier, lowest) < 0',
    replace: 'compareSequenceNumbers(itemIdentifier, lowest) > 0',
  },
  {
    name: 'page settled whatever was answered',
    file: 'src/stream/shard-follower.ts',
    find: 'const settled = settledCount(records, answer);',
    replace: 'const settled = records.length;',
  },
  {
    name: 'LATEST after an expired iterator',
    file: 'src/stream/shard-reader.ts',
    find: "isKind(error, 'iterator-expired')) {",
    replace: "isKind(error, 'iterator-expired')) { this.#start = { at: 'LATEST' };",
  },
  {
    name: 'last page of a closed shard dropped',
    file: 'src/stream/shard-follower.ts',
    find: 'if (records.length > 0) {',
    replace: 'if (records.length > 0 && !end) {',
  },
  {
    name: 'empty page taken for the end of a shard',
    file: 'src/stream/shard-reader.ts',
    find: "nextIterator === null ? 'closed' : null",
    replace: "nextIterator === null || records.length === 0 ? 'closed' : null",
  },
  {
    name: 'lost range not named',
    file: 'src/stream/shard-follower.ts',
    find: 'checkpoint.lost.push({ shardId, start, before, noticedAt: clock.now() });',
    replace: '',
  },
  // Replay.
  {
    name: 'replayed batch removed before it is durable',
    file: 'src/replay/deliver.ts',
    find: 'const { batchItemFailures } = await handlerFor(',
    replace: 'await page.acknowledge(); const { batchItemFailures } = await handlerFor(',
  },
];

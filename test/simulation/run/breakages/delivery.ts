import type { Breakage } from '../breakage.ts';

/** Of delivery, and of following a stream. */
export const DELIVERY_BREAKAGES: readonly Breakage[] = [
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
];

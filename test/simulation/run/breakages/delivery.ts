import type { Breakage } from '../breakage.ts';

/** In delivery, and in following a stream. */
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
    find: 'unstored.map((itemIdentifier)',
    replace: 'unstored.slice(-1).map((itemIdentifier)',
  },
  {
    name: 'unstored dead letter acknowledged',
    file: 'src/delivery/set-aside.ts',
    find: 'unstored.push(sequenceNumber);',
    replace: '',
  },
  {
    name: 'stopped rows dropped',
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
    name: 'rows streamed into a new changelog',
    file: 'src/destination/bigquery/readiness.ts',
    find: 'if (remainingMs <= 0) return undefined;',
    replace: 'if (remainingMs > Number.NEGATIVE_INFINITY) return undefined;',
  },
  {
    name: "age by the machine's own clock",
    file: 'src/destination/bigquery/readiness.ts',
    find: '(answeredAt ?? checkedAt)',
    replace: 'checkedAt',
  },
  {
    name: 'failed load job acknowledged',
    file: 'src/destination/bigquery/changelog-loader.ts',
    find: 'if (!isOfRow(error)) throw error;',
    replace: 'return [];',
  },
  {
    name: 'checkpoint saved before rows are durable',
    file: 'src/stream/shard-worker.ts',
    find: 'const taken = await this.#take(records);',
    replace:
      "this.#apply({ is: 'taken', last: lastSequenceNumber(records), lastTime: null });" +
      'const taken = await this.#take(records);',
  },
  {
    name: 'highest of two reported numbers counts',
    file: 'src/stream/count-acknowledged.ts',
    find: 'compareSequenceNumbers(itemIdentifier, lowest) < 0',
    replace: 'compareSequenceNumbers(itemIdentifier, lowest) > 0',
  },
  {
    name: 'page acknowledged whatever was answered',
    file: 'src/stream/follow.ts',
    find: 'countAcknowledged(records, await handler({ Records: records }, context))',
    replace: '(await handler({ Records: records }, context), records.length)',
  },
  {
    name: 'LATEST after an expired iterator',
    file: 'src/stream/shard-reader.ts',
    find: "isKind(error, 'iterator-expired')) {",
    replace: "isKind(error, 'iterator-expired')) { this.#start = { at: 'LATEST' };",
  },
  {
    name: 'last page of a closed shard dropped',
    file: 'src/stream/shard-worker.ts',
    find: 'if (records.length > 0) {',
    replace: "if (records.length > 0 && end !== 'closed') {",
  },
  {
    name: 'empty page taken for the end of a shard',
    file: 'src/stream/shard-reader.ts',
    find: "nextIterator === null ? 'closed' : null",
    replace: "nextIterator === null || records.length === 0 ? 'closed' : null",
  },
  {
    name: 'clock set back waited for',
    file: 'src/stream/shard-worker.ts',
    find: 'Math.max(0, clock.now() - askedAt)',
    replace: '(clock.now() - askedAt)',
  },
  {
    name: 'lost range not named',
    file: 'src/stream/shard-worker.ts',
    find: 'if (lost) onLost(lost);',
    replace: '',
  },
];

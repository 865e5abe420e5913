import { expect, test } from 'vitest';
import { TailraceError } from '../../../src/errors.ts';
import { confirmStream } from '../../../src/stream/confirm-stream.ts';
import type { StreamClient } from '../../../src/stream/stream-client.ts';
import { STREAM_ARN } from '../../support/stream/record.ts';
import { kind } from '../../support/vitest/kind.ts';

/** A server that takes every iterator, and has another stream from `isGone` on. */
function server() {
  const state = { isGone: false, described: 0, records: [['1'], [], ['2']] as unknown[][], asked: [] as string[] };
  const client: StreamClient = {
    async describe(arn) {
      state.described++;
      if (state.isGone) throw new TailraceError('stream-changed', `Stream ${arn} is gone`);
      return { arn, label: 'l', status: 'ENABLED', viewType: 'NEW_IMAGE', createdAt: 0, shards: [] };
    },
    iterator: async (_, shardId) => `${shardId} of AWS's own`,
    async records(iterator) {
      state.asked.push(iterator);
      const records = state.records.shift() ?? [];
      return { records, nextIterator: state.records.length > 0 ? `${iterator}+` : null };
    },
  };
  return { state, streams: confirmStream(client) };
}

test('pages come as they are while the stream is there, to its end', async () => {
  const { state, streams } = server();
  const pages: unknown[] = [];
  for (let next: string | null = await streams.iterator(STREAM_ARN, 'a', { at: 'TRIM_HORIZON' }); next !== null; ) {
    const page = await streams.records(next);
    pages.push(page.records);
    next = page.nextIterator;
  }

  expect(pages).toEqual([['1'], [], ['2']]);
  expect(state.asked).toEqual(["a of AWS's own", "a of AWS's own+", "a of AWS's own++"]);
  expect(state.described).toBe(2);
});

test('records of another stream than the one asked for are never given', async () => {
  const { state, streams } = server();
  const iterator = await streams.iterator(STREAM_ARN, 'a', { at: 'TRIM_HORIZON' });
  state.isGone = true;

  await expect(streams.records(iterator)).rejects.toMatchObject(kind('stream-changed'));
});

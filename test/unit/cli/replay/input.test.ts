import { describe, expect, test } from 'vitest';
import { describeInput, inputOf, type ReplayInputOptions } from '../../../../cli/replay/input.ts';
import { STREAM_ARN } from '../../../support/stream/record.ts';

describe('what to replay', () => {
  test.each<[ReplayInputOptions, ReturnType<typeof inputOf>, string]>([
    [{ stream: true }, { from: 'stream' }, 'the stream'],
    [{ stream: true, streamArn: STREAM_ARN }, { from: 'stream' }, 'the stream'],
    [
      { shard: 'shard-1', from: '99', to: '100' },
      { from: 'shard', range: { shardId: 'shard-1', from: '99', to: '100' } },
      'shard shard-1',
    ],
    [
      { shard: 'shard-1', from: '7', to: '7' },
      { from: 'shard', range: { shardId: 'shard-1', from: '7', to: '7' } },
      'shard shard-1',
    ],
    [{ file: '-' }, { from: 'file', path: '-' }, 'standard input'],
    [{ s3: 's3://my-failures' }, { from: 's3', bucket: { bucket: 'my-failures', prefix: '' } }, 's3://my-failures/'],
    [
      { s3: 's3://my.failures/aws/lambda/é x' },
      { from: 's3', bucket: { bucket: 'my.failures', prefix: 'aws/lambda/é x' } },
      's3://my.failures/aws/lambda/é x',
    ],
    [{ queue: 'https://sqs/1/q' }, { from: 'queue', url: 'https://sqs/1/q' }, 'https://sqs/1/q'],
  ])('%j is read', (options, origin, name) => {
    expect(inputOf(options)).toEqual(origin);
    expect(describeInput(origin)).toBe(name);
  });

  test.each<[string, ReplayInputOptions, RegExp]>([
    ['nothing', {}, /^No input is named$/],
    ['two things', { stream: true, file: 'x' }, /^One input can be replayed at a time$/],
    ['an end without a shard', { stream: true, to: '8' }, /within --shard$/],
    [
      'a start after its end, by number',
      { shard: 'shard-1', from: '100', to: '99' },
      /starts at 100, after its end 99$/,
    ],
    ['what is no sequence number', { shard: 'shard-1', from: 'x' }, /^"x" is not a sequence number$/],
    ['what is no shard', { shard: '../x' }, /can't be the id of a shard$/],
    ['what is no bucket', { s3: 'failures' }, /not the URL of a bucket$/],
    ['another URL than a bucket’s', { s3: 'https://failures' }, /not the URL of a bucket$/],
    ['what is no queue', { queue: 'failures' }, /not the URL of a queue$/],
    ['what is no stream', { stream: true, streamArn: 'x' }, /not the ARN of a DynamoDB stream$/],
    ['a stream for a queue', { queue: 'https://q', streamArn: STREAM_ARN }, /takes no --stream-arn$/],
  ])('%s is refused', (_, options, message) => {
    expect(() => inputOf(options)).toThrow(message);
  });
});

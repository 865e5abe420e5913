import { TailraceError } from '../../src/errors.ts';
import { streamArn } from '../../src/order/stream-arn.ts';
import { type BucketLocation, parseBucketLocation } from '../../src/replay/failure-bucket.ts';
import { checkRange, type ShardRange } from '../../src/replay/shard-range.ts';

/** Where a replay takes its records from. */
export type ReplayInput =
  | { readonly from: 'stream' }
  | { readonly from: 'shard'; readonly range: ShardRange }
  /** A file, a directory of them, or `-` for standard input. */
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 's3'; readonly bucket: BucketLocation }
  | { readonly from: 'queue'; readonly url: string };

/** The options of the command, as they were given. */
export type ReplayInputOptions = {
  readonly stream?: true | undefined;
  readonly shard?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly file?: string | undefined;
  readonly s3?: string | undefined;
  readonly queue?: string | undefined;
  readonly streamArn?: string | undefined;
};

const CHOICE = '--shard, --stream, --s3, --queue or --file';

/**
 * Reads where to replay from.
 *
 * @throws {TailraceError} `usage-invalid` or `config-invalid` if no input is named, more than one is, or it is malformed.
 */
export function inputOf(options: ReplayInputOptions): ReplayInput {
  const { stream, shard, from, to, file, s3, queue } = options;
  const given = [stream, shard, file, s3, queue].filter((value) => value !== undefined);
  if (given.length !== 1) {
    const problem = given.length === 0 ? 'No input is named' : 'One input can be replayed at a time';
    throw new TailraceError('usage-invalid', problem, { remedy: `Give one of ${CHOICE}.` });
  }
  if (shard === undefined && (from !== undefined || to !== undefined)) {
    throw new TailraceError('usage-invalid', '--from and --to are ends of a range within --shard', {
      remedy: 'Name the shard that the numbers are of.',
    });
  }
  if (options.streamArn !== undefined) {
    streamArn(options.streamArn);
    if (queue !== undefined) {
      throw new TailraceError('usage-invalid', 'A failure record names its stream: --queue takes no --stream-arn');
    }
  }
  if (shard !== undefined) {
    const range = { shardId: shard, from: from ?? null, to: to ?? null };
    checkRange(range);
    return { from: 'shard', range };
  }
  if (file !== undefined) return { from: 'file', path: file };
  if (s3 !== undefined) return { from: 's3', bucket: bucketOf(s3) };
  if (queue !== undefined) return { from: 'queue', url: queueOf(queue) };
  return { from: 'stream' };
}

/** Names the input for a person. */
export function describeInput(input: ReplayInput): string {
  switch (input.from) {
    case 'stream':
      return 'the stream';
    case 'shard':
      return `shard ${input.range.shardId}`;
    case 'file':
      return input.path === '-' ? 'standard input' : input.path;
    case 's3':
      return `s3://${input.bucket.bucket}/${input.bucket.prefix}`;
    case 'queue':
      return input.url;
  }
}

function bucketOf(url: string): BucketLocation {
  const location = parseBucketLocation(url);
  if (location) return location;
  throw new TailraceError('usage-invalid', `"${url}" is not the URL of a bucket`, {
    remedy: 'Give one such as s3://my-failures/aws/lambda/.',
  });
}

function queueOf(url: string): string {
  if (/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return url;
  throw new TailraceError('usage-invalid', `"${url}" is not the URL of a queue`, {
    remedy: 'Give one such as https://sqs.eu-central-1.amazonaws.com/123456789012/my-failures.',
  });
}

import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { Random } from '../../../src/random.ts';
import { type FailedBatch, failureRecordOf } from './failure-record.ts';
import type { Process } from './process.ts';
import type { Scheduler } from './scheduler.ts';

const MAPPING = '7e2b1d5c-6f0a-4c3e-9b8d-0a1b2c3d4e5f';

/** The location of the failed batches. */
export const FAILURES = { bucket: 'failures', prefix: `aws/lambda/${MAPPING}/` };

/** Few objects to a page, so that there are several pages. */
const PAGE_OBJECTS = 2;

/** The bucket to which Lambda writes the batches that it gives up. */
export class FailureBucket {
  readonly objects = new Map<string, string>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Writes a batch as Lambda does: with its event, unless that is too large. */
  put(batch: FailedBatch, { huge }: { readonly huge: boolean }): void {
    const time = new Date(batch.now).toISOString();
    const day = time.slice(0, 10).replaceAll('-', '/');
    const name = `${time.slice(0, 19).replaceAll(':', '.')}-${this.#random.hex(8)}`;
    const record = failureRecordOf(batch, { requestId: this.#random.hex(32), withPayload: !huge });
    this.objects.set(`${FAILURES.prefix}${batch.shard.id}/${day}/${name}`, record);
  }

  /** The bucket as one process uses it. */
  reachedBy(process: Process, scheduler: Scheduler): Pick<S3Client, 'send'> {
    const send = (command: unknown) =>
      process.reach(async () => {
        await scheduler.sleep(20);
        if (command instanceof ListObjectsV2Command) return this.#list(command.input.ContinuationToken);
        if (command instanceof GetObjectCommand) return this.#get(command.input.Key ?? '');
        throw new Error('The bucket expects no such command');
      });
    // The client's one method has a signature for every command there is.
    return { send } as unknown as Pick<S3Client, 'send'>;
  }

  #list(after = '') {
    const keys = [...this.objects.keys()].toSorted().filter((key) => key > after);
    const page = keys.slice(0, PAGE_OBJECTS);
    return {
      Contents: page.map((key) => ({ Key: key, Size: this.objects.get(key)?.length ?? 0 })),
      NextContinuationToken: keys.length > page.length ? page.at(-1) : undefined,
    };
  }

  #get(key: string) {
    const text = this.objects.get(key);
    if (text === undefined) throw new Error(`The bucket has no ${key}`);
    return { Body: { transformToByteArray: async () => Buffer.from(text) } };
  }
}

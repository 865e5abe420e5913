import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Random } from '../../../src/random.ts';
import { type FailedBatch, failureRecordOf } from './failure-record.ts';
import type { Process } from './process.ts';
import type { Scheduler } from './scheduler.ts';

type Message = { readonly id: string; readonly body: string; hiddenUntil: number };

/** The queue to which Lambda reports the batches that it gives up: their ranges, without their records. */
export class FailureQueue {
  readonly messages = new Map<string, Message>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** @param isTopic Whether it comes through SNS, which puts it into an envelope. */
  put(batch: FailedBatch, { isTopic }: { readonly isTopic: boolean }): void {
    const record = failureRecordOf(batch, { requestId: this.#random.hex(32), withPayload: false });
    const body = isTopic ? JSON.stringify({ Type: 'Notification', MessageId: 'x', Message: record }) : record;
    const id = this.#random.hex(16);
    this.messages.set(id, { id, body, hiddenUntil: 0 });
  }

  /** The failure records of its messages, out of their envelopes. */
  get records(): readonly string[] {
    return [...this.messages.values()].map(({ body }) => JSON.parse(body)['Message'] ?? body);
  }

  /** The queue as one process uses it. */
  reachedBy(process: Process, scheduler: Scheduler): Pick<SQSClient, 'send'> {
    const send = (command: unknown) =>
      process.reach(async () => {
        await scheduler.sleep(20);
        if (command instanceof ReceiveMessageCommand) return this.#receive(command.input, scheduler);
        if (command instanceof DeleteMessageCommand) return this.#delete(command.input.ReceiptHandle ?? '');
        if (command instanceof ChangeMessageVisibilityCommand) {
          return this.#show(command.input.ReceiptHandle ?? '', scheduler.now());
        }
        throw new Error('The queue expects no such command');
      });
    // The client's one method has a signature for every command there is.
    return { send } as unknown as Pick<SQSClient, 'send'>;
  }

  async #receive(
    { VisibilityTimeout = 30, WaitTimeSeconds = 0 }: ReceiveMessageCommand['input'],
    scheduler: Scheduler,
  ) {
    const visible = () => [...this.messages.values()].filter(({ hiddenUntil }) => hiddenUntil <= scheduler.now());
    if (visible().length === 0) await scheduler.sleep(WaitTimeSeconds * 1_000);
    // A queue gives fewer messages than it has.
    const given = visible().slice(0, 2);
    for (const message of given) message.hiddenUntil = scheduler.now() + VisibilityTimeout * 1_000;
    return { Messages: given.map(({ id, body }) => ({ MessageId: id, ReceiptHandle: id, Body: body })) };
  }

  #delete(id: string): object {
    this.messages.delete(id);
    return {};
  }

  #show(id: string, now: number): object {
    const message = this.messages.get(id);
    if (!message || message.hiddenUntil <= now) {
      throw Object.assign(new Error('Not hidden'), { name: 'InvalidParameterValue' });
    }
    message.hiddenUntil = now;
    return {};
  }
}

import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { nameOf } from '../errors.ts';
import type { FailedBatch, FailedBatches } from './failed-batch.ts';
import { serviceError } from './service-error.ts';

/** As many as SQS gives at once. */
const BATCH = 10;

/** A received message is hidden for this long, in seconds: longer than reading its records again takes. */
const HIDDEN_SECONDS = 10 * 60;

/** How long SQS waits for messages, in seconds. Above zero, it asks all of its servers, not just some. */
const WAIT_SECONDS = 1;

/** Answers in a row without a new message: then the queue is empty. */
const EMPTY_ANSWERS = 2;

/**
 * What SQS answers if a message isn't in flight any more: it was deleted, or its time ran out. The first is documented, the
 * others are seen. They can't mean anything else: the receipt handle is SQS's own, and the time-out is zero.
 * Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html>
 */
const NOT_HIDDEN: ReadonlySet<string> = new Set([
  'MessageNotInflight',
  'InvalidParameterValue',
  'InvalidParameterValueException',
  'ReceiptHandleIsInvalid',
]);

/**
 * The messages of an SQS queue that failures go to. An acknowledged message is deleted; the others become visible again at
 * the end.
 */
export class FailureQueue implements FailedBatches {
  readonly name: string;
  readonly #client: Pick<SQSClient, 'send'>;
  /** Messages in flight, by id: received, not deleted, hidden until the end. Visible, they would be received again. */
  readonly #inFlight = new Map<string, Message>();

  /** @param url The queue's URL. */
  constructor(client: Pick<SQSClient, 'send'>, url: string) {
    this.name = url;
    this.#client = client;
  }

  /** @throws {TailraceError} `usage-invalid` if there is no such queue, `source-denied`, `source-unavailable`. */
  async *all(signal: AbortSignal): AsyncIterable<FailedBatch> {
    for (let empty = 0; empty < EMPTY_ANSWERS && !signal.aborted; ) {
      const messages = await this.#receive(signal);
      // One that was left and is received again isn't given twice.
      const fresh = messages.filter(({ MessageId = '' }) => !this.#inFlight.has(MessageId));
      for (const message of messages) this.#inFlight.set(message.MessageId ?? '', message);
      empty = fresh.length > 0 ? 0 : empty + 1;
      for (const message of fresh) yield this.#batch(message);
    }
  }

  /** @throws {TailraceError} the first failure, after the other messages were made visible. */
  async close(): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    for (const message of this.#inFlight.values()) {
      await this.#show(message).catch((error: unknown) => {
        failure ??= { error };
      });
    }
    this.#inFlight.clear();
    if (failure) throw failure.error;
  }

  #batch(message: Message): FailedBatch {
    return {
      name: `message ${message.MessageId}`,
      async *bytes() {
        yield Buffer.from(message.Body ?? '');
      },
      acknowledge: async () => {
        await this.#delete(message);
        this.#inFlight.delete(message.MessageId ?? '');
      },
      leave: async () => {},
    };
  }

  async #receive(signal: AbortSignal): Promise<readonly Message[]> {
    const { ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
    const command = new ReceiveMessageCommand({
      QueueUrl: this.name,
      MaxNumberOfMessages: BATCH,
      VisibilityTimeout: HIDDEN_SECONDS,
      WaitTimeSeconds: WAIT_SECONDS,
    });
    const { Messages } = await this.#client
      .send(command, { abortSignal: signal })
      .catch(failure('sqs:ReceiveMessage', this.name));
    return Messages ?? [];
  }

  async #delete({ ReceiptHandle }: Message): Promise<void> {
    const { DeleteMessageCommand } = await import('@aws-sdk/client-sqs');
    const command = new DeleteMessageCommand({ QueueUrl: this.name, ReceiptHandle });
    await this.#client.send(command).catch(failure('sqs:DeleteMessage', this.name));
  }

  async #show({ ReceiptHandle }: Message): Promise<void> {
    const { ChangeMessageVisibilityCommand } = await import('@aws-sdk/client-sqs');
    const command = new ChangeMessageVisibilityCommand({ QueueUrl: this.name, ReceiptHandle, VisibilityTimeout: 0 });
    try {
      await this.#client.send(command);
    } catch (error) {
      if (!NOT_HIDDEN.has(nameOf(error))) failure('sqs:ChangeMessageVisibility', this.name)(error);
    }
  }
}

function failure(action: string, queue: string) {
  return (error: unknown): never => {
    throw serviceError(error, { action, subject: `queue ${queue}`, endpoint: 'SQS' });
  };
}

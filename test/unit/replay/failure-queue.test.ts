import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import type { StreamHandler } from '../../../src/delivery/stream-handler.ts';
import { deliver } from '../../../src/replay/deliver.ts';
import { failedBatchSource } from '../../../src/replay/failed-batch-source.ts';
import { FailureQueue } from '../../../src/replay/failure-queue.ts';
import { ORDERS, streamRecord } from '../../support/stream/record.ts';

const event = (sequenceNumber: string) => JSON.stringify({ Records: [streamRecord({ sequenceNumber })] });

/** A queue of messages by id, which records its requests; `refuse` gives the name of an error. */
function queueOf(bodies: Readonly<Record<string, string>>, refuse: (call: string) => string | undefined = () => {}) {
  const waiting = Object.entries(bodies);
  const calls: string[] = [];
  let emptied = () => {};
  const empty = new Promise<void>((resolve) => {
    emptied = resolve;
  });
  let emptyAnswers = 0;
  const send = async (command: unknown) => {
    if (command instanceof ReceiveMessageCommand) {
      const Messages = waiting.splice(0, 10).map(([id, Body]) => ({ MessageId: id, ReceiptHandle: id, Body }));
      if (Messages.length === 0 && ++emptyAnswers === 2) emptied();
      return { Messages };
    }
    const call =
      command instanceof DeleteMessageCommand
        ? `delete ${command.input.ReceiptHandle}`
        : command instanceof ChangeMessageVisibilityCommand
          ? `show ${command.input.ReceiptHandle}`
          : 'something else';
    calls.push(call);
    const name = refuse(call);
    if (name !== undefined) throw Object.assign(new Error('Refused'), { name });
    return {};
  };
  // The client's one method has a signature for every command there is.
  const client = { send } as unknown as Pick<SQSClient, 'send'>;
  /** Replays all of it. */
  const replay = (handler: StreamHandler) => {
    const source = failedBatchSource({
      batches: new FailureQueue(client, 'https://sqs/failures'),
      known: { source: ORDERS, seen: null },
      stream: null,
      reading: async () => {
        throw new Error('No range was expected to be read');
      },
      events: { lost() {}, refused() {} },
    });
    return deliver(source, {
      handlerFor: () => handler,
      signal: new AbortController().signal,
      onPage: () => {},
    });
  };
  /** Resolves a while after the queue was found empty for good. */
  const foundEmpty = async () => {
    await empty;
    for (let turn = 0; turn < 20; turn++) await nextTurn();
  };
  return { calls, replay, foundEmpty };
}

const settled: StreamHandler = async () => ({ batchItemFailures: [] });

test('a message whose records are being delivered when the queue is empty is not shown, and is deleted', async () => {
  const queue = queueOf({ a: event('1'), b: event('2') });

  await queue.replay(async (given) => {
    await queue.foundEmpty();
    return settled(given);
  });

  expect(queue.calls.toSorted()).toEqual(['delete a', 'delete b']);
});

test('a message that was left is visible again once everything else has ended', async () => {
  const queue = queueOf({ a: 'a note', b: event('1') });

  await queue.replay(async (given) => {
    await queue.foundEmpty();
    return settled(given);
  });

  expect(queue.calls).toEqual(['delete b', 'show a']);
});

test('a replay that fails makes visible all that it has not acknowledged, and throws its failure', async () => {
  const numbers = ['1', '2', '3', '4', '5', '6'];
  // Records without a time share no page with those of another message.
  const body = { ApproximateCreationDateTime: undefined };
  const one = (sequenceNumber: string) => JSON.stringify({ Records: [streamRecord({ sequenceNumber, body })] });
  const queue = queueOf(Object.fromEntries(numbers.map((number) => [number, one(number)])), (call) =>
    call.startsWith('show') ? 'AccessDenied' : undefined,
  );
  let pages = 0;

  const replayed = queue.replay(async (given) => {
    if (++pages === 2) throw new Error('The destination is away');
    await nextTurn();
    return settled(given);
  });

  await expect(replayed).rejects.toThrow('The destination is away');
  const shown = queue.calls.filter((call) => call.startsWith('show'));
  const deleted = queue.calls.filter((call) => call.startsWith('delete'));
  expect(shown).toContain('show 2');
  expect([...shown, ...deleted].map((call) => call.split(' ')[1]).sort()).toEqual(numbers);
  expect(queue.calls).toEqual([...deleted, ...shown]);
});

test.each(['MessageNotInflight', 'InvalidParameterValue', 'InvalidParameterValueException', 'ReceiptHandleIsInvalid'])(
  'a message that time has shown already, or somebody has deleted (%s), is no failure',
  async (name) => {
    const queue = queueOf({ a: 'a note', b: 'a note' }, (call) => (call === 'show a' ? name : undefined));

    await queue.replay(settled);

    expect(queue.calls).toEqual(['show a', 'show b']);
  },
);

test('every message is made visible, and then the first failure is thrown', async () => {
  const failures: Readonly<Record<string, string>> = { 'show b': 'AccessDenied', 'show c': 'QueueDoesNotExist' };
  const queue = queueOf({ a: 'a note', b: 'a note', c: 'a note', d: 'a note' }, (call) => failures[call]);

  await expect(queue.replay(settled)).rejects.toMatchObject({
    kind: 'source-denied',
    message: 'These credentials may not sqs:ChangeMessageVisibility on queue https://sqs/failures',
  });

  expect(queue.calls).toEqual(['show a', 'show b', 'show c', 'show d']);
});

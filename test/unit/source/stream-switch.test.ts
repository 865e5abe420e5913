import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { switchStreamOn } from '../../../src/source/stream-switch.ts';
import { hurriedClock } from '../../support/clock/simple-clocks.ts';

const IN_USE = Object.assign(new Error('Cannot enable stream'), { name: 'ResourceInUseException' });

/** Orders a stream that is refused for so long, with so long between two orders. */
function refusedFor(orders: number, table: TableDescription): Promise<void> {
  const clock = hurriedClock(0);
  let given = 0;
  return switchStreamOn({
    table: 'orders',
    endpoint: 'http://127.0.0.1:8000',
    clock,
    describe: async () =>
      given <= orders
        ? table
        : { ...table, StreamSpecification: { StreamEnabled: true }, LatestStreamArn: 'arn', TableStatus: 'ACTIVE' },
    async switchOn() {
      if (++given <= orders) throw IN_USE;
    },
    async retry(attempt) {
      for (let tries = 0; ; tries++) {
        try {
          return await attempt();
        } catch (error) {
          if (error !== IN_USE || tries === 20) throw error;
          await clock.sleep(1_000);
        }
      }
    },
  });
}

test('a server that says for ever that something is being changed, and changes nothing, is named within seconds', async () => {
  await expect(refusedFor(100, { TableStatus: 'ACTIVE' })).rejects.toMatchObject({
    kind: 'source-invalid',
    message: expect.stringContaining('refuses to switch the stream of table orders on'),
    remedy: expect.stringContaining('restart'),
  });
});

test('a refusal that passes within seconds is sat out', async () => {
  await refusedFor(10, { TableStatus: 'ACTIVE' });
});

test.each<TableDescription>([
  { TableStatus: 'UPDATING' },
  { TableStatus: 'ACTIVE', GlobalSecondaryIndexes: [{ IndexStatus: 'CREATING' }] },
])('a table that is being changed is waited for: %o', (table) => refusedFor(20, table));

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { refuseOtherStream } from '../../../src/destination/known-stream.ts';
import { type KnownTable, rememberTable } from '../../../src/destination/known-table.ts';
import { isKind } from '../../../src/errors.ts';
import { streamArn } from '../../../src/order/stream-arn.ts';
import { ORDERS } from '../../support/stream/record.ts';

const START = Date.UTC(2026, 0, 1);

/** A moment, seconds or a day, in milliseconds. */
const pause = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 5_000, max: 100_000_000 }));

/** A table's life: from the end of the one before to its creation, and from stream to stream, in milliseconds. */
const life = fc.record({ after: pause, streams: fc.array(pause, { minLength: 1, maxLength: 4 }) });

type Table = { readonly createdAt: number; readonly streams: readonly number[] };

/** Tables of one name, one after the other, and when their streams began. */
function tablesOf(lives: readonly { after: number; streams: readonly number[] }[]): readonly Table[] {
  let now = START;
  return lives.map(({ after, streams }) => {
    now += after;
    const createdAt = now;
    return { createdAt, streams: streams.map((ms) => (now += ms)) };
  });
}

const AS_ISO = (ms: number) => new Date(ms).toISOString().slice(0, -1);
const AS_SECONDS = (ms: number) => (ms / 1_000).toFixed(3);

function isTaken(label: string, known: KnownTable): boolean {
  try {
    refuseOtherStream(streamArn(`${ORDERS.arn}/stream/${label}`), known);
    return true;
  } catch (error) {
    if (isKind(error, 'record-foreign')) return false;
    throw error;
  }
}

test.each([
  ['as AWS writes them', AS_ISO],
  ['in seconds', AS_SECONDS],
])('no stream of another table of the name is taken for the kept one’s, whatever was seen; labels %s', (_, labelOf) => {
  fc.assert(
    fc.property(
      fc.array(life, { minLength: 1, maxLength: 5 }),
      fc.nat(4),
      fc.array(fc.nat(3), { maxLength: 4 }),
      (lives, which, looks) => {
        const tables = tablesOf(lives);
        const kept = tables[which % tables.length];
        if (kept === undefined) return;
        const seen = looks.map((look) => kept.streams[look % kept.streams.length] ?? 0).toSorted((a, b) => a - b);
        // Servers cut the creation to the second.
        const createdAt = Math.floor(kept.createdAt / 1_000) * 1_000;
        let known = rememberTable(undefined, { ...ORDERS, tableId: 'kept' }, { createdAt, streams: [] });
        for (const began of seen) known = rememberTable(known, ORDERS, { createdAt, streams: [labelOf(began)] });

        for (const table of tables) {
          for (const began of table.streams) {
            const isTheirs = table === kept && began <= (seen.at(-1) ?? Number.NEGATIVE_INFINITY);
            // Of one that began as the table was created nothing is certain unless it was seen.
            const isCertain = seen.includes(began) || began >= createdAt + 1_000;
            expect(isTaken(labelOf(began), known)).toBe(isTheirs && isCertain);
          }
        }
      },
    ),
  );
});

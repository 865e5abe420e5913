import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { positionOf } from '../../../src/order/position.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import { storedPosition, wholePosition } from '../../../src/views/stored-position.ts';
import { inMemoryDuckDb } from '../../support/duckdb/in-memory.ts';
import { LABEL } from '../../support/values/rows.ts';
import { RUNS } from '../../support/vitest/budget.ts';

const database = inMemoryDuckDb(systemClock);

const label = fc.constantFrom(LABEL, '2025-01-01T00:00:00.000', '2026-02-01T00:00:00.000', `o'label"\\\``);
const digits = fc.stringMatching(/^[0-9]{1,40}$/);
/** Long numbers of today, the longest that there may be, and short ones as some servers give them. */
const position = fc
  .tuple(label, fc.oneof(digits, fc.stringMatching(/^[1-9][0-9]{20,27}$/)))
  .map(([of, number]) => positionOf(of, number));

test('a position comes back whole from the form in which a compaction stores it, shorter by the beginning of its stream', async () => {
  const destination = await database.next();
  await fc.assert(
    fc.asyncProperty(
      fc.array(position, { minLength: 1, maxLength: 20 }),
      fc.option(label),
      async (positions, stream) => {
        const values = positions.map((one) => `(${duckdb.text(one)})`).join(', ');
        const { rows } = await destination.query(
          `SELECT p, s, ${wholePosition(duckdb, 's', stream)} FROM (SELECT p, ${storedPosition(duckdb, 'p', stream)} AS s FROM (VALUES ${values}, (NULL)) AS given(p))`,
        );
        expect(rows.map(([given]) => given)).toEqual([...positions, null]);
        for (const [given, stored, whole] of rows) {
          expect(whole).toBe(given);
          const isShared = stream !== null && String(given).startsWith(`${stream}/000000000000`);
          if (given !== null) expect(String(stored)).toHaveLength(isShared ? 28 : String(given).length);
        }
      },
    ),
    RUNS,
  );
});

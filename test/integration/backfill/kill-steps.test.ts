import { expect, test } from 'vitest';
import type { Destination } from '../../../src/destination/destination.ts';
import { temporaryDatabase } from '../../support/duckdb/temporary-database.ts';
import { type SteppedDestination, surviveKill } from '../../support/process/kill-run.ts';

/** A DuckDB file, each use of which a process may not live to see. */
async function place(): Promise<SteppedDestination> {
  const duckdb = await temporaryDatabase();
  return Object.assign(duckdb, {
    async openStepped(step: () => Promise<void>): Promise<Destination> {
      return new Proxy<Destination>(await duckdb.open(), {
        get(target, name) {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== 'function' || typeof name === 'symbol') return member;
          return async (...args: readonly unknown[]) => {
            await step();
            return Reflect.apply(member, target, args);
          };
        },
      });
    },
  });
}

test('killed at any one of its steps over a DuckDB file, the next run ends it with nothing lost', async () => {
  let kills = 0;
  for (; ; kills++) {
    await using made = await place();
    if (!(await surviveKill(made, kills))) break;
  }
  expect(kills).toBeGreaterThan(20);
}, 120_000);

import { afterAll, beforeAll } from 'vitest';
import type { Destination } from '../../../src/destination/destination.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { sourceTable } from '../values/shop.ts';
import { type TemporaryDatabase, temporaryDatabase } from './temporary-database.ts';

/** One DuckDB file for all tests of a file, in which each has its own tables. */
export interface SharedDuckDb {
  readonly place: TemporaryDatabase;
  readonly destination: Destination;
  /** A source table that the file doesn't know yet. */
  nextTable(): SourceTable;
}

/** Creates the file before the tests, and removes it after them. */
export function sharedDuckDb(): SharedDuckDb {
  let made: { readonly place: TemporaryDatabase; readonly destination: Destination } | undefined;
  let tables = 0;
  const own = () => made ?? expectMade();
  beforeAll(async () => {
    const place = await temporaryDatabase();
    made = { place, destination: await place.open() };
  });
  afterAll(async () => {
    await made?.destination[Symbol.asyncDispose]();
    await made?.place[Symbol.asyncDispose]();
  });
  return {
    get place() {
      return own().place;
    },
    get destination() {
      return own().destination;
    },
    nextTable: () => sourceTable(`t${++tables}`),
  };
}

function expectMade(): never {
  throw new Error('The file exists only from the first test on');
}

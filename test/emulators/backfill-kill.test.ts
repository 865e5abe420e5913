import { describe, expect, inject, test } from 'vitest';
import { surviveKill } from '../support/process/kill-run.ts';
import { temporaryDataset } from './temporary-dataset.ts';

const bigQuery = inject('bigQuery');

describe.skipIf(bigQuery === null)('a backfill into BigQuery, through the real client', () => {
  test('killed before any one of its requests, the next run ends it with nothing lost', async () => {
    if (bigQuery === null) throw new Error('There is no BigQuery to test on');
    let kills = 0;
    for (; ; kills++) {
      await using made = await temporaryDataset(bigQuery);
      if (!(await surviveKill(made, kills))) break;
    }
    expect(kills).toBeGreaterThan(30);
  }, 900_000);
});

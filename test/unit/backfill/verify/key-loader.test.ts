import { existsSync, mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { KeyLoader } from '../../../../backfill/verify/key-loader.ts';
import { type RowFile, rowsOf } from '../../../../src/destination/row-file.ts';
import type { KeyDigest } from '../../../../src/snapshot/row.ts';
import { temporaryFolder } from '../../../support/vitest/temporary-folder.ts';

let spool: string;
beforeEach(() => {
  spool = temporaryFolder();
});

const rows = (count: number, from = 0): readonly KeyDigest[] =>
  Array.from({ length: count }, (_, index) => ({ key: `["item ${from + index} ü"]`, digest: `${from + index}` }));

/** A comparison that takes a while for each load. */
function slowComparison() {
  const loads: (readonly KeyDigest[])[] = [];
  const files: RowFile<KeyDigest>[] = [];
  let isFailing = false;
  return {
    loads,
    files,
    fail() {
      isFailing = true;
    },
    async add(file: RowFile<KeyDigest>) {
      files.push(file);
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (isFailing) throw new Error('No');
      loads.push([...rowsOf(file)]);
    },
  };
}

test('what segments take at once all comes into the comparison, once, in loads of whole pages', async () => {
  const comparison = slowComparison();
  using loader = new KeyLoader({ comparison, spool, id: 'c1', now: Date.now(), loadRows: 10 });

  const segment = async (from: number) => {
    for (let page = 0; page < 5; page++) await loader.take(rows(4, from + 4 * page));
  };
  await Promise.all([0, 100, 200].map(segment));
  await loader.flush();

  const expected = [0, 100, 200].flatMap((from) => rows(20, from));
  expect(comparison.loads.flat().toSorted((a, b) => Number(a.digest) - Number(b.digest))).toEqual(expected);
  expect(comparison.loads.map(({ length }) => length)).toEqual([12, 12, 12, 12, 12]);
});

test('nothing is loaded if nothing was taken, and the rest on a flush', async () => {
  const comparison = slowComparison();
  using loader = new KeyLoader({ comparison, spool, id: 'c1', now: Date.now(), loadRows: 10 });

  await loader.flush();
  await loader.take(rows(3));
  await loader.take([]);
  expect(comparison.loads).toEqual([]);
  await loader.flush();
  await loader.flush();

  expect(comparison.loads).toEqual([rows(3)]);
});

test('a file goes with its load, and all of them with the loader, also where a load failed', async () => {
  const comparison = slowComparison();
  {
    using loader = new KeyLoader({ comparison, spool, id: 'c1', now: Date.now(), loadRows: 2 });
    await loader.take(rows(2));
    expect(comparison.files.map(({ path }) => existsSync(path))).toEqual([false]);
    comparison.fail();
    await expect(loader.take(rows(2))).rejects.toThrow('No');
    await loader.take(rows(1));
  }
  expect(readdirSync(spool)).toEqual([]);
});

test('what a killed process left goes a day later, and what another one needs stays', () => {
  const dayAgo = new Date(Date.now() - 24 * 60 * 60 * 1000 - 1_000);
  for (const name of ['old', 'young']) mkdirSync(join(spool, name));
  utimesSync(join(spool, 'old'), dayAgo, dayAgo);

  using _loader = new KeyLoader({ comparison: slowComparison(), spool, id: 'c1', now: Date.now() });

  expect(readdirSync(spool)).toEqual(['young']);
});

test('what another one still writes to stays, however long ago it began', async () => {
  const dayAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
  const comparison = slowComparison();
  using slow = new KeyLoader({ comparison, spool, id: 'slow', now: Date.now(), loadRows: 5_000 });
  // More than is gathered before it is written.
  await slow.take(rows(4_999));
  utimesSync(join(spool, 'slow'), dayAgo, dayAgo);

  using _other = new KeyLoader({ comparison: slowComparison(), spool, id: 'other', now: Date.now() });
  await slow.take(rows(1, 4_999));

  expect(comparison.loads).toEqual([rows(5_000)]);
});

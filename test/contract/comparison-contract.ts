import { describe, expect, test } from 'vitest';
import { comparisonName } from '../../src/names/object-names.ts';
import type { KeyDigest } from '../../src/snapshot/row.ts';
import { digestOf } from '../../src/value/digest.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import { makeScan } from '../support/stages/made-snapshots.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { keyFile } from '../support/values/row-file.ts';
import { changeRow, keyOf, scannedRow } from '../support/values/rows.ts';
import { SHOP, snapshotId, sourceTable } from '../support/values/shop.ts';
import { kind } from '../support/vitest/kind.ts';

/** What `Comparer` and `LatestReader` promise. */
export function comparisonContract(makePlace: () => Promise<TemporaryDestination>): void {
  const agreeing = (id: string) => ({ key: keyOf(id), digest: changeRow(id).digest ?? '' });
  const other = (id: string) => ({ key: keyOf(id), digest: digestOf('other') });

  /** A table whose latest view holds these items. */
  const stageWith = async (...ids: readonly string[]) => {
    const stage = await setStage(makePlace);
    await stage.destination.append(
      SHOP,
      ids.map((id) => changeRow(id)),
    );
    return stage;
  };

  describe('a comparison', () => {
    test('finds what is missing, extra and different, in order of the keys', async () => {
      const { destination } = await stageWith('agrees', 'differs', 'extra');
      await destination.append(SHOP, [changeRow('removed', { operation: 'REMOVE' })]);
      await using comparison = await destination.compare(SHOP, 'c1');

      await comparison.add(keyFile([other('differs'), agreeing('agrees')]));
      await comparison.add(keyFile([agreeing('missing')]));

      expect(await comparison.findings('both', 10, null)).toEqual([
        { key: keyOf('differs'), finding: 'different' },
        { key: keyOf('extra'), finding: 'extra' },
        { key: keyOf('missing'), finding: 'missing' },
      ]);
      expect(await comparison.counts('both')).toEqual({ source: 3, latest: 3, differing: 3 });
    });

    test('of the source alone asks nothing of the keys that were not added', async () => {
      const { destination } = await stageWith('agrees', 'differs', 'not read');
      await using comparison = await destination.compare(SHOP, 'c1');

      await comparison.add(keyFile([other('differs'), agreeing('agrees'), agreeing('missing')]));

      expect(await comparison.findings('source', 10, null)).toEqual([
        { key: keyOf('differs'), finding: 'different' },
        { key: keyOf('missing'), finding: 'missing' },
      ]);
      expect(await comparison.counts('source')).toEqual({ source: 3, latest: 2, differing: 2 });
    });

    test('of a snapshot finds how the latest view differs from it, whether it is published or not', async () => {
      const { destination } = await stageWith('agrees', 'differs', 'extra');
      const shown = (id: string) => scannedRow(id, changeRow(id).newImage ?? '');
      await makeScan(destination, [shown('agrees'), scannedRow('differs'), shown('missing'), shown('missing')]);

      const comparison = destination.compareSnapshot(SHOP, snapshotId());

      expect(await comparison.findings('both', 10, null)).toEqual([
        { key: keyOf('differs'), finding: 'different' },
        { key: keyOf('extra'), finding: 'extra' },
        { key: keyOf('missing'), finding: 'missing' },
      ]);
      expect(await comparison.counts('both')).toEqual({ source: 3, latest: 3, differing: 3 });
      expect(await comparison.sampleAgreeing(10)).toEqual([keyOf('agrees')]);
    });

    test('finds nothing where both sides agree, and nothing where both are empty', async () => {
      const { destination } = await stageWith('a', 'b');
      await using comparison = await destination.compare(SHOP, 'c1');
      await comparison.add(keyFile(['a', 'b'].map(agreeing)));
      await destination.prepare(sourceTable('empty'), 1);
      await using empty = await destination.compare(sourceTable('empty'), 'c2');

      expect(await comparison.findings('both', 10, null)).toEqual([]);
      expect(await empty.findings('both', 10, null)).toEqual([]);
      expect(await empty.counts('both')).toEqual({ source: 0, latest: 0, differing: 0 });
    });

    test('gives findings in portions, each behind the one before, by keys that no quoting can be sure of', async () => {
      const { destination } = await stageWith();
      const ids = ['a', `b'`, 'c"', 'd\\', 'é', '😀', '\u{ffff}'];
      await using comparison = await destination.compare(SHOP, 'c1');
      await comparison.add(keyFile(ids.map(agreeing)));

      const found: string[] = [];
      for (let after: string | null = null; ; after = found.at(-1) ?? null) {
        const portion = await comparison.findings('both', 2, after);
        if (portion.length === 0) break;
        expect(portion.length).toBeLessThanOrEqual(2);
        found.push(...portion.map(({ key }) => key));
      }

      expect(found).toHaveLength(ids.length);
      expect(found.toSorted()).toEqual(ids.map(keyOf).toSorted());
    });

    test('counts a key once that was added twice', async () => {
      const { destination } = await stageWith('a');
      await using comparison = await destination.compare(SHOP, 'c1');
      await comparison.add(keyFile([agreeing('a')]));
      await comparison.add(keyFile([agreeing('a'), agreeing('b'), agreeing('b')]));

      expect(await comparison.counts('both')).toEqual({ source: 2, latest: 1, differing: 1 });
    });

    test('finds a key different that was added with two digests, though one of them agrees', async () => {
      const { destination } = await stageWith('a');
      await using comparison = await destination.compare(SHOP, 'c1');
      await comparison.add(keyFile([agreeing('a'), other('a')]));

      expect(await comparison.findings('both', 10, null)).toEqual([{ key: keyOf('a'), finding: 'different' }]);
    });

    test('sees the latest view as it is when it is asked, not as it was when it began', async () => {
      const { destination } = await stageWith();
      await using comparison = await destination.compare(SHOP, 'c1');
      await comparison.add(keyFile([agreeing('a')]));
      expect(await comparison.counts('both')).toMatchObject({ differing: 1 });

      await destination.append(SHOP, [changeRow('a')]);

      expect(await comparison.findings('both', 10, null)).toEqual([]);
      expect(await comparison.counts('both')).toEqual({ source: 1, latest: 1, differing: 0 });
    });

    test('samples among the keys that agree, as many as there are', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `item ${index}`);
      const { destination } = await stageWith(...ids, 'extra', 'differs');
      await using comparison = await destination.compare(SHOP, 'c1');
      await comparison.add(keyFile([...ids.map(agreeing), agreeing('missing'), other('differs')]));

      const some = await comparison.sampleAgreeing(5);
      const all = await comparison.sampleAgreeing(100);

      expect(new Set(some).size).toBe(5);
      expect(all).toEqual(expect.arrayContaining([...some]));
      expect([...all].sort()).toEqual(ids.map(keyOf).sort());
    });

    test('is independent of another one at the same time, and leaves nothing behind', async () => {
      const { place, destination } = await stageWith('a');
      {
        await using first = await destination.compare(SHOP, 'c1');
        await using second = await destination.compare(SHOP, 'c2');
        await first.add(keyFile([agreeing('a')]));

        expect(await first.counts('both')).toMatchObject({ differing: 0 });
        expect(await second.counts('both')).toMatchObject({ differing: 1 });
      }

      for (const id of ['c1', 'c2']) {
        await expect(destination.query(`SELECT * FROM ${place.table(comparisonName(id))}`)).rejects.toMatchObject(
          kind('query-invalid'),
        );
      }
    });
  });

  describe('a sample of the latest view', () => {
    test('has about the share that was asked for, in portions, and the same salt gives the same one', async () => {
      const ids = Array.from({ length: 1_000 }, (_, index) => `item ${index}`);
      const { destination } = await stageWith(...ids);
      await destination.append(SHOP, [changeRow('gone', { operation: 'REMOVE' })]);
      const sampleOf = async (share: number, salt: string) => {
        const found: KeyDigest[] = [];
        for (;;) {
          const portion = await destination.sampleLatest(SHOP, { share, salt }, 300, found.at(-1)?.key ?? null);
          if (portion.length === 0) return found;
          found.push(...portion);
        }
      };

      const [some, again, others, all] = [
        await sampleOf(0.2, 'salt'),
        await sampleOf(0.2, 'salt'),
        await sampleOf(0.2, 'pepper'),
        await sampleOf(1, 'salt'),
      ];

      expect(some.length).toBeGreaterThan(120);
      expect(some.length).toBeLessThan(280);
      expect(again).toEqual(some);
      expect(others.map(({ key }) => key)).not.toEqual(some.map(({ key }) => key));
      expect(all.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual(
        ids.map(agreeing).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      );
      expect(all).toEqual(expect.arrayContaining(some));
    });

    test('takes keys that no quoting can be sure of', async () => {
      const ids = [`it's`, 'say "x"', 'back\\slash', '`', '😀', `') OR 1=1 --`];
      const { destination } = await stageWith(...ids);

      const [first, ...rest] = await destination.sampleLatest(SHOP, { share: 1, salt: `'"\\` }, 10, null);

      expect(await destination.sampleLatest(SHOP, { share: 1, salt: '' }, 10, first?.key ?? null)).toEqual(rest);
      expect(rest).toHaveLength(ids.length - 1);
    });
  });

  describe('a sample of items', () => {
    test('gives each item of all keys once, as its JSON, and no more than the limit', async () => {
      const ids = ['plain', `it's`, 'say "x"', '😀', '\n'];
      const { destination } = await stageWith(...ids);
      const read = async (limit: number) => {
        const items: { readonly key: string; readonly item: string }[] = [];
        for await (const page of destination.sampleItems(SHOP, { share: 1, salt: '' }, limit)) items.push(...page);
        return items;
      };

      const all = await read(10);

      expect(all.map(({ key }) => key)).toEqual(ids.map(keyOf).toSorted());
      expect(all.map(({ item }) => JSON.parse(item))).toMatchObject(all.map(({ key }) => ({ id: JSON.parse(key)[0] })));
      expect(await read(2)).toEqual(all.slice(0, 2));
    });
  });

  describe('a look-up', () => {
    test('finds the items that are there, by keys that no quoting can be sure of', async () => {
      const ids = ['plain', `it's`, 'say "x"', 'back\\slash', '`', '%_', '😀', `') OR 1=1 --`, '\n\t'];
      const { destination } = await stageWith(...ids);
      await destination.append(SHOP, [changeRow('gone', { operation: 'REMOVE' })]);

      const found = await destination.lookup(SHOP, [...ids, 'gone', 'never'].map(keyOf));

      expect([...found.keys()].sort()).toEqual(ids.map(keyOf).sort());
      for (const id of ids) {
        expect(found.get(keyOf(id))).toMatchObject({ key: keyOf(id), digest: changeRow(id).digest });
        expect(JSON.parse(found.get(keyOf(id))?.item ?? '')).toEqual(JSON.parse(changeRow(id).newImage ?? ''));
      }
    });

    test('takes no keys, and a thousand', async () => {
      const ids = Array.from({ length: 1000 }, (_, index) => `item ${index}`);
      const { destination } = await stageWith(...ids);

      expect((await destination.lookup(SHOP, [])).size).toBe(0);
      expect((await destination.lookup(SHOP, ids.map(keyOf))).size).toBe(1000);
    });
  });
}

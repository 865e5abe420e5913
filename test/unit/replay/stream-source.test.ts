import { describe, expect, test } from 'vitest';
import { ReplayStage } from '../../support/stages/replay-stage.ts';

/** A parent that split in two, one of which stays open. */
function stageOf() {
  const stage = new ReplayStage();
  stage.streams
    .shard('right', { parent: 'root', records: [['50', 'b']] })
    .shard('grandchild', { parent: 'left', records: [['70', 'a']], open: true })
    .shard('left', {
      parent: 'root',
      records: [
        ['41', 'a'],
        ['42', 'a'],
        ['43', 'a'],
        ['44', 'a'],
      ],
    })
    .shard('root', {
      records: [
        ['7', 'a'],
        ['8', 'b'],
        ['10', 'a'],
        ['11', 'b'],
      ],
    })
    .shard('right-2', { parent: 'right', open: true });
  return stage;
}

const ALL = ['7', '8', '10', '11', '41', '42', '43', '44', '50', '70'];
const inOrder = (numbers: readonly string[], wanted: readonly string[]) =>
  numbers.filter((number) => wanted.includes(number));

describe('a whole stream', () => {
  test("is given once, a parent's records before its children's", async () => {
    const stage = stageOf();

    await stage.stream();

    expect(stage.delivered.toSorted((a, b) => Number(a) - Number(b))).toEqual(ALL);
    const ofA = ['7', '10', '41', '42', '43', '44', '70'];
    expect(inOrder(stage.delivered, ofA)).toEqual(ofA);
    expect(inOrder(stage.delivered, ['8', '11', '50'])).toEqual(['8', '11', '50']);
    expect(stage.lost).toEqual([]);
  });

  test('whose parents are trimmed away begins with what is left: that is no loss', async () => {
    const stage = stageOf();
    stage.streams.drop('root');

    await stage.stream();

    expect(stage.delivered.toSorted()).toEqual(['41', '42', '43', '44', '50', '70']);
    expect(stage.lost).toEqual([]);
  });

  test('is not over while a closed shard may have children that are listed late', async () => {
    const stage = new ReplayStage();
    stage.streams.shard('root', { records: [['1', 'a']] });
    stage.streams.shard('late', {
      parent: 'root',
      records: [['2', 'a']],
      open: true,
      listedAt: stage.clock.now() + 3_000,
    });

    await stage.stream();

    expect(stage.delivered).toEqual(['1', '2']);
  });

  test('that is off is over when it is read, and not before descriptions had time', async () => {
    const stage = new ReplayStage();
    stage.streams.shard('root', { records: [['1', 'a']] });
    stage.streams.status = 'DISABLED';
    const startedAt = stage.clock.now();

    await stage.stream();

    expect(stage.delivered).toEqual(['1']);
    expect(stage.clock.now() - startedAt).toBeGreaterThanOrEqual(5_000);
  });

  test('is read by several readers at once, one page of each shard in hand', async () => {
    const stage = new ReplayStage();
    for (const id of ['a', 'b', 'c', 'd']) {
      stage.streams.shard(id, {
        records: Array.from({ length: 9 }, (_, index) => [`${id.charCodeAt(0)}${index}`, id]),
      });
    }
    let inHand = 0;
    let most = 0;
    stage.onPage = async () => {
      most = Math.max(most, ++inHand);
      await stage.clock.sleep(100);
      inHand--;
    };

    await stage.stream();

    expect(stage.delivered).toHaveLength(36);
    expect(most).toBe(4);
  });

  test('of thousands of shards is read whole, whatever their lineage', async () => {
    const stage = new ReplayStage();
    for (let root = 0; root < 1_000; root++) {
      for (let generation = 0; generation < 3; generation++) {
        stage.streams.shard(`${root}.${generation}`, {
          ...(generation > 0 && { parent: `${root}.${generation - 1}` }),
          records: [[String((generation + 1) * 10_000 + root), String(root)]],
          open: generation === 2,
        });
      }
    }

    await stage.stream();

    expect(new Set(stage.delivered).size).toBe(3_000);
    expect(stage.delivered).toHaveLength(3_000);
  });

  test('stopped anywhere is resumed, without a gap and without starting over', async () => {
    for (let stopAt = 1; stopAt <= 6; stopAt++) {
      const stage = stageOf();
      let pages = 0;
      stage.onPage = () => {
        if (++pages === stopAt) throw new Error('Injected: away');
      };
      await stage.stream().catch(() => {});
      const before = stage.delivered.length;

      stage.onPage = () => {};
      await stage.stream();

      expect(new Set(stage.delivered)).toEqual(new Set(ALL));
      expect(stage.delivered.length).toBeLessThanOrEqual(ALL.length + before);
    }
  });

  test('names the shards that the stream dropped between two runs of a replay', async () => {
    const stage = stageOf();
    stage.onPage = (numbers) => {
      if (numbers.includes('44')) throw new Error('Injected: away');
    };
    await stage.stream().catch(() => {});
    stage.streams.drop('root');
    stage.streams.drop('left');
    stage.onPage = () => {};

    await stage.stream();

    expect(stage.lost).toEqual(['shard left after 43 to its end']);
    expect(stage.delivered).toContain('70');
  });

  test('whose lineage contradicts the order is refused by name', async () => {
    const stage = new ReplayStage();
    stage.streams.shard('root', { records: [['9', 'a']] }).shard('child', { parent: 'root', records: [['8', 'a']] });

    await expect(stage.stream()).rejects.toMatchObject({ kind: 'stream-lineage' });
    expect(stage.delivered).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { ReplayStage } from '../../support/stages/replay-stage.ts';

const RECORDS = ['98', '99', '100', '101', '102', '103', '104'].map((number) => [number, 'a'] as const);

function stageOf(open = false) {
  const stage = new ReplayStage();
  stage.streams.shard('shard-1', { records: RECORDS, open });
  return stage;
}

describe('a range of a shard', () => {
  test.each([
    ['from its first to its last record', '99', '102', ['99', '100', '101', '102']],
    ['of one record', '100', '100', ['100']],
    ['to the end', '103', null, ['103', '104']],
    ['from the beginning', null, '99', ['98', '99']],
    ['that ends between two records', '101', '1000', ['101', '102', '103', '104']],
    ['of everything', null, null, RECORDS.map(([number]) => number)],
  ])('is given %s, and nothing after', async (_, from, to, numbers) => {
    for (const open of [true, false]) {
      const stage = stageOf(open);

      await stage.shard('shard-1', from, to);

      expect(stage.delivered).toEqual(numbers);
      expect(stage.lost).toEqual([]);
    }
  });

  test('passes empty pages, outages and throttling, and resumes after the last record when an iterator has expired', async () => {
    const stage = stageOf(true);
    stage.streams.failNext('records', 'empty-page', 'empty-page', 'throttle', 'refuse');
    let pages = 0;
    stage.onPage = () => {
      if (++pages === 1) stage.streams.failNext('records', 'expire');
    };

    await stage.shard('shard-1', '98', null);

    expect(stage.delivered).toEqual(RECORDS.map(([number]) => number));
    const iterators = stage.streams.calls.filter((call) => call.startsWith('iterator'));
    expect(iterators.every((call) => !call.includes('LATEST'))).toBe(true);
    expect(iterators.some((call) => call.includes('AFTER_SEQUENCE_NUMBER'))).toBe(true);
  });

  test('does not wait for an open shard to grow, and does not stop at its first empty page', async () => {
    const stage = stageOf(true);
    stage.streams.append('shard-1', '105', 'a');
    const startedAt = stage.clock.now();

    await stage.shard('shard-1');

    expect(stage.delivered.at(-1)).toBe('105');
    expect(stage.clock.now() - startedAt).toBeLessThan(3_000);
  });

  test('ends where records are younger than the reading, however many more come', async () => {
    const stage = stageOf(true);
    let next = 200;
    stage.onPage = () => {
      stage.clock.jump(2_000);
      for (let count = 0; count < 5; count++) stage.streams.append('shard-1', String(next++), 'a');
    };

    await stage.shard('shard-1');

    expect(stage.delivered.slice(0, 7)).toEqual(RECORDS.map(([number]) => number));
    expect(stage.delivered.length).toBeLessThan(30);
  });

  test.each([
    ['its beginning', '98', '104', '101', ['101', '102', '103', '104'], 'shard shard-1 from 98 to below 101'],
    ['all of it', '98', '100', '103', [], 'shard shard-1 from 98 to 100'],
  ])('whose records are trimmed is named by %s, and the rest is given', async (_, from, to, below, numbers, lost) => {
    const stage = stageOf();
    stage.streams.trim('shard-1', below);

    await stage.shard('shard-1', from, to);

    expect(stage.delivered).toEqual(numbers);
    expect(stage.lost).toEqual([lost]);
  });

  test('of a shard that is gone is named as lost, not waited for', async () => {
    const stage = stageOf();
    stage.streams.drop('shard-1', { listed: true });

    await stage.shard('shard-1', '98', '101');

    expect(stage.delivered).toEqual([]);
    expect(stage.lost).toEqual(['shard shard-1 from 98 to 101']);
  });

  test('from its beginning is promised whole: records that are gone, or were trimmed before it was resumed, are named', async () => {
    const stage = stageOf();
    stage.streams.drop('shard-1', { listed: true });
    await stage.shard('shard-1');
    expect(stage.lost).toEqual(['shard shard-1 from its beginning to its end']);

    const later = stageOf();
    later.streams.faultOf = (call) => {
      if (call === 'iterator') later.interrupt();
      return 'throttle';
    };
    await later.shard('shard-1').catch(() => {});
    later.streams.faultOf = () => null;
    later.clock.jump(26 * 60 * 60_000);
    later.streams.trim('shard-1', '101');
    await later.shard('shard-1');
    expect(later.delivered).toEqual(['101', '102', '103', '104']);
    expect(later.lost).toEqual(['shard shard-1 from its beginning to below 101']);
  });

  test('stopped half way is resumed behind the last page that was taken', async () => {
    const stage = stageOf();
    stage.onPage = (numbers) => {
      if (numbers.includes('101')) throw new Error('Injected: away');
    };
    await expect(stage.shard('shard-1')).rejects.toThrow('away');
    expect(stage.delivered).toEqual(['98', '99', '100']);

    stage.onPage = () => {};
    await stage.shard('shard-1');

    expect(stage.delivered).toEqual(RECORDS.map(([number]) => number));
  });
});

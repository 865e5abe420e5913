import { expect, test } from 'vitest';
import { CheckpointSaver } from '../../../src/stream/checkpoint-saver.ts';
import { VirtualClock } from '../../support/clock/virtual-clock.ts';

function saving(takesMs = 0) {
  const clock = new VirtualClock();
  const state = { current: 0, saved: -1, saves: 0, atOnce: 0, mostAtOnce: 0 };
  const saver = new CheckpointSaver(async () => {
    const { current } = state;
    state.saves++;
    state.mostAtOnce = Math.max(state.mostAtOnce, ++state.atOnce);
    await clock.sleep(takesMs);
    state.atOnce--;
    state.saved = current;
  }, clock);
  const change = () => {
    state.current++;
    saver.changed();
  };
  return { clock, state, saver, change };
}

test('nothing new is not saved', async () => {
  const { clock, saver, state } = saving();
  await clock.run(saver.save());
  expect(state.saves).toBe(0);
});

test('a change while a save is under way is in the next save, and the two never overlap', async () => {
  const { clock, saver, state, change } = saving(100);
  change();
  const first = saver.save();
  await clock.until(() => state.atOnce === 1);
  change();
  await clock.run(Promise.all([first, saver.save()]));
  expect(state).toMatchObject({ saved: 2, saves: 2, mostAtOnce: 1 });
});

test('a change while the last save is under way is saved after it', async () => {
  const { clock, saver, state, change } = saving(100);
  change();
  const first = saver.save();
  await clock.until(() => state.atOnce === 1);
  change();
  await clock.run(first);
  await clock.run(saver.save());
  expect(state).toMatchObject({ saved: 2, saves: 2 });
});

test('however much changes, it is saved twice a second', async () => {
  const { clock, saver, state, change } = saving();
  const stop = new AbortController();
  const running = saver.run(stop.signal);
  for (let step = 0; step < 1_000; step++) {
    change();
    await clock.run(clock.sleep(10));
  }
  stop.abort();
  await clock.run(running);
  expect(state.saves).toBeGreaterThan(18);
  expect(state.saves).toBeLessThan(22);
});

test('while nothing changes it sleeps, and the next change is saved at once', async () => {
  const { clock, saver, state, change } = saving();
  const stop = new AbortController();
  const running = saver.run(stop.signal);
  await expect(clock.until(() => false)).rejects.toThrow('It never came true');
  const before = clock.now();
  change();
  await clock.until(() => state.saves === 1);
  expect(clock.now()).toBe(before);
  stop.abort();
  await clock.run(running);
});

test('a slight change is saved every five seconds, or with another change', async () => {
  const { clock, saver, state, change } = saving();
  const stop = new AbortController();
  const running = saver.run(stop.signal);
  for (let second = 0; second < 15; second++) {
    state.current++;
    saver.changedSlightly();
    await clock.run(clock.sleep(1_000));
  }
  expect(state.saves).toBe(3);
  change();
  await clock.until(() => state.saved === state.current);
  expect(state.saves).toBe(4);
  stop.abort();
  await clock.run(running);
});

test('a save that fails rejects every later wait for a save', async () => {
  const saver = new CheckpointSaver(() => Promise.reject(new Error('Disk full')), new VirtualClock());
  saver.changed();
  await expect(saver.save()).rejects.toThrow('Disk full');
  await expect(saver.save()).rejects.toThrow('Disk full');
});

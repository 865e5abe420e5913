import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchSignals } from '../../../cli/interruption.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** A process that records how it is killed. */
function fakeProcess() {
  const process = Object.assign(new EventEmitter(), { pid: 7, killed: [] as unknown[] });
  return Object.assign(process, { kill: (...args: unknown[]) => void process.killed.push(args) });
}

describe('an interruption', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('stops cleanly at the first %s', (name) => {
    const process = fakeProcess();
    using stop = watchSignals(process as unknown as NodeJS.Process);

    process.emit(name, name);

    expect(stop.signal.aborted).toBe(true);
    expect(process.killed).toEqual([]);
  });

  test('takes a signal that npm passes on for the same Ctrl-C', () => {
    const process = fakeProcess();
    using _stop = watchSignals(process as unknown as NodeJS.Process);

    process.emit('SIGINT', 'SIGINT');
    vi.advanceTimersByTime(900);
    process.emit('SIGINT', 'SIGINT');

    expect(process.killed).toEqual([]);
  });

  test('ends the process at a second one, as without a listener', () => {
    const process = fakeProcess();
    using _stop = watchSignals(process as unknown as NodeJS.Process);

    process.emit('SIGINT', 'SIGINT');
    vi.advanceTimersByTime(2_000);
    process.emit('SIGINT', 'SIGINT');

    expect(process.killed).toEqual([[7, 'SIGINT']]);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

  test('takes what a launcher passes on for the signal that both received, however late it is', () => {
    const process = fakeProcess();
    using stop = watchSignals(process as unknown as NodeJS.Process);

    process.emit('SIGINT', 'SIGINT');
    vi.advanceTimersByTime(10_000);
    process.emit('message', 'SIGINT');
    process.emit('message', { of: 'another kind' });

    expect(stop.signal.aborted).toBe(true);
    expect(process.killed).toEqual([]);
  });

  test('stops cleanly at what a launcher passes on, and ends the process at the second one', () => {
    const process = fakeProcess();
    using stop = watchSignals(process as unknown as NodeJS.Process);

    process.emit('message', 'SIGTERM');
    expect(stop.signal.aborted).toBe(true);
    vi.advanceTimersByTime(2_000);
    process.emit('message', 'SIGTERM');

    expect(process.killed).toEqual([[7, 'SIGTERM']]);
  });

  test('stops listening once it is disposed of', () => {
    const process = fakeProcess();
    watchSignals(process as unknown as NodeJS.Process)[Symbol.dispose]();

    expect(process.eventNames().map((name) => process.listenerCount(name))).toEqual([]);
  });
});

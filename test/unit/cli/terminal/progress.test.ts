import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createProgress } from '../../../../cli/terminal/progress.ts';
import { RecordingStream } from '../../../support/memory/recording-stream.ts';

/** A clock that a test moves. */
function movedClock() {
  let now = 0;
  return {
    now: () => now,
    sleep: () => Promise.reject(new Error('Progress waits for nothing')),
    advance(ms: number) {
      now += ms;
    },
  };
}

test('away from a terminal, progress is a plain line every five seconds', () => {
  const clock = movedClock();
  const stream = new RecordingStream();
  const progress = createProgress(stream, clock);

  for (let second = 1; second <= 12; second++) {
    clock.advance(1_000);
    progress.update({ text: `${second} items`, fraction: second / 12 });
  }
  progress.stop();

  expect(stream.lines).toEqual(['41%  5 items', '83%  10 items']);
});

test('on a terminal, progress is one line with a bar, and is gone at the end', () => {
  const stream = new RecordingStream({ isTTY: true });
  const terminal = Object.assign(stream, { columns: 80, cursorTo: () => true, clearLine: () => true });
  const progress = createProgress(terminal, movedClock());

  progress.update({ text: '5 items', fraction: 0.5 });
  progress.stop();

  expect(stream.text).toContain('50%  5 items');
  expect(stream.text).toContain('█░');
  expect(stream.text).not.toContain('\n5');
});

test.each([
  [200, '█████░░░░░░░░░░░░░░░░░░░ 20%  200 of 1,000, 24 read units, $2.40 so far, 16 s left, 50/s'],
  [73, '██░░░░░░ 20%  200 of 1,000, 24 read units, $2.40 so far, 16 s left, 50/s'],
  [64, '20%  200 of 1,000, 24 read units, $2.40 so far, 16 s left, 50/s'],
  [60, '20%  200 of 1,000, 24 read units, $2.40 so far, 16 s left'],
  [53, '20%  200 of 1,000, 24 read units, $2.40 so far, 50/s'],
  [20, '20%  200 of 1,000'],
])(
  'on a terminal of %i columns the most important parts come first, and the bar only where there is room',
  (columns, line) => {
    const written: string[] = [];
    const stream = new RecordingStream({
      isTTY: true,
      onWrite: (text) => written.push(stripVTControlCharacters(text)),
    });
    const terminal = Object.assign(stream, { columns, cursorTo: () => true, clearLine: () => true });
    const progress = createProgress(terminal, movedClock());

    progress.update({
      text: '200 of 1,000',
      more: ['24 read units', '$2.40 so far', '16 s left', '50/s'],
      fraction: 0.2,
    });
    progress.stop();

    expect(written).toContain(line);
  },
);

import { expect, test } from 'vitest';
import { createProgress, type ProgressState, plainLine } from '../../../../cli/terminal/progress.ts';
import { RecordingStream } from '../../../support/memory/recording-stream.ts';
import { createScreen } from '../../../support/process/screen.ts';

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

/** Progress away from a terminal, updated once a second with what `stateOf` returns. Gives the lines, by their second. */
function linesElsewhere(seconds: number, stateOf: (second: number) => ProgressState): Record<number, string> {
  const clock = movedClock();
  const stream = new RecordingStream();
  const progress = createProgress(stream, clock, null);
  const lines: Record<number, string> = {};
  for (let second = 1; second <= seconds; second++) {
    clock.advance(1_000);
    const before = stream.text.length;
    progress.update(stateOf(second));
    if (stream.text.length > before) lines[second] = stream.text.slice(before).trimEnd();
  }
  progress.stop();
  return lines;
}

test('away from a terminal, progress is a plain line every five seconds', () => {
  expect(linesElsewhere(12, (second) => ({ text: `${second} items`, fraction: second / 12 }))).toEqual({
    5: '41%  5 items',
    10: '83%  10 items',
  });
});

test('without news, a plain line appears at most once in ten minutes', () => {
  const lines = linesElsewhere(3_000, (second) => ({ text: `${second}`, news: second < 900 ? 'old' : 'new' }));

  expect(Object.keys(lines).map(Number)).toEqual([5, 605, 900, 1500, 2100, 2700]);
});

/** Progress on a terminal of these columns, which a test looks at. */
function liveProgress(columns: number) {
  const stream = Object.assign(new RecordingStream({ isTTY: true }), { columns });
  const clock = movedClock();
  const shell = { foreground: true };
  return {
    stream,
    clock,
    shell,
    progress: createProgress(stream, clock, () => shell.foreground),
    async screen() {
      await using screen = createScreen({ columns, rows: 10 });
      screen.write(stream.text.replaceAll('\n', '\r\n'));
      return await screen.text();
    },
  };
}

test('in the foreground of a terminal, progress is one line with a bar, and is gone at the end', async () => {
  const { progress, clock, screen } = liveProgress(80);

  progress.update({ text: '5 of 10 items', fraction: 0.5 });
  clock.advance(1_000);
  progress.update({ text: '6 items', fraction: 0.6 });
  const during = await screen();
  progress.stop();

  expect(during).toBe('██████████████░░░░░░░░░░ 60%  6 items');
  expect(await screen()).toBe('');
});

test('a terminal is left as it was whenever the process ends: no cursor hidden, no mode changed', () => {
  const { progress, stream } = liveProgress(80);

  progress.update({ text: '5 items' });

  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal obeys is looked for.
  expect(stream.text.match(/\u001b\[?[^A-Za-z]*[A-Za-z0-9]/g)).toEqual(['\u001b[K']);
});

test('in the background progress is plain lines, and a line again once it is back in the foreground', async () => {
  const { progress, clock, shell, screen } = liveProgress(60);
  const update = (text: string) => {
    clock.advance(6_000);
    progress.update({ text });
  };

  update('1 item');
  shell.foreground = false;
  update('2 items');
  update('3 items');
  progress.clear();
  shell.foreground = true;
  update('4 items');

  expect(await screen()).toBe('2 items\n3 items\n4 items');
});

test('in the background, ending progress writes nothing into the line of the shell', () => {
  const { progress, shell, stream } = liveProgress(60);
  progress.update({ text: '1 item' });
  shell.foreground = false;
  const before = stream.text;

  progress.stop();

  expect(stream.text).toBe(before);
});

test("a command's line in the background takes the place of another one's live line", async () => {
  await using screen = createScreen({ columns: 60, rows: 10 });
  const stream = Object.assign(new RecordingStream({ isTTY: true, onWrite: (text) => screen.write(text) }), {
    columns: 60,
  });
  const clock = movedClock();
  const progress = createProgress(stream, clock, () => true);

  progress.update({ text: 'a long line of a command in the foreground' });
  screen.write(plainLine('another command', true).replace('\n', '\r\n'));
  clock.advance(1_000);
  progress.update({ text: 'the next line' });

  expect(await screen.text()).toBe('another command\nthe next line');
});

test.each([
  [200, '█████░░░░░░░░░░░░░░░░░░░ 20%  200 of 1,000, 24 read units, $2.40 so far, 16 s left, 50/s'],
  [73, '██░░░░░░ 20%  200 of 1,000, 24 read units, $2.40 so far, 16 s left, 50/s'],
  [64, '20%  200 of 1,000, 24 read units, $2.40 so far, 16 s left, 50/s'],
  [60, '20%  200 of 1,000, 24 read units, $2.40 so far, 16 s left'],
  [53, '20%  200 of 1,000, 24 read units, $2.40 so far, 50/s'],
  [20, '20%  200 of 1,000'],
  [12, '20%  200 of'],
])(
  'on a terminal of %i columns the most important parts come first, and the bar only where there is room',
  async (columns, line) => {
    const { progress, screen } = liveProgress(columns);

    progress.update({
      text: '200 of 1,000',
      more: ['24 read units', '$2.40 so far', '16 s left', '50/s'],
      fraction: 0.2,
    });

    expect(await screen()).toBe(line);
  },
);

import { describe, expect, test } from 'vitest';
import { createOutput } from '../../../../cli/terminal/output.ts';
import { fixedClock } from '../../../support/clock/simple-clocks.ts';
import { RecordingStream } from '../../../support/memory/recording-stream.ts';

const ESCAPE = '\u001b';

function terminal({ isTTY = false, env = {} }: { isTTY?: boolean; env?: Record<string, string> } = {}) {
  const stdout = new RecordingStream({ isTTY });
  const stderr = new RecordingStream({ isTTY });
  const closed = new AbortController();
  const output = createOutput(
    { stdout, stderr, env, clock: fixedClock(0), isForeground: () => true, launcher: 'tailrace', platform: 'linux' },
    closed.signal,
    true,
    (text) => text,
  );
  return { stdout, stderr, closed, output };
}

describe('output', () => {
  test('puts the result on stdout and everything else on stderr', () => {
    const { stdout, stderr, output } = terminal();

    output.print('a table');
    output.emit({ items: 1 });
    output.note('reading');
    output.warn('slow');

    expect(stdout.lines).toEqual(['a table', '{"items":1}']);
    expect(stderr.lines).toEqual(['reading', 'warning: slow']);
  });

  test.each([
    ['on a terminal', { isTTY: true }, true],
    ['in a file', { isTTY: false }, false],
    ['on a terminal with NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }, false],
  ])('colours warnings only where they are seen: %s', (_, options, coloured) => {
    const { stderr, output } = terminal(options);

    output.warn('slow');

    expect(stderr.text.includes(ESCAPE)).toBe(coloured);
  });

  test('drops output once the reader is gone', () => {
    const { stdout, closed, output } = terminal();

    closed.abort();
    output.print('too late');

    expect(stdout.text).toBe('');
  });
});

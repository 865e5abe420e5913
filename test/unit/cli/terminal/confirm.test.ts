import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { confirm } from '../../../../cli/terminal/confirm.ts';

/** A terminal on which these keys are pressed once something is asked. */
function terminal(keys: string, isTTY = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: () => {} });
  const stderr = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 80 });
  const shown: string[] = [];
  stderr.on('data', (text: string) => {
    if (shown.push(text) === 1) setImmediate(() => stdin.write(keys));
  });
  return { process: { stdin, stderr } as unknown as NodeJS.Process, shown };
}

const never = new AbortController().signal;

describe('a question', () => {
  test.each([
    ['y', 'y\r', true],
    ['YES', 'YES\r', true],
    ['no', 'no\r', false],
    ['nothing', '\r', false],
    ['Ctrl-D', '\u0004', false],
  ])('answered by %s', async (_, keys, answer) => {
    const { process, shown } = terminal(keys);

    expect(await confirm('Go on?', process, never)).toBe(answer);
    expect(shown.join('')).toContain('Go on? [y/N] ');
  });

  test('stopped by Ctrl-C is an interruption', async () => {
    await expect(confirm('Go on?', terminal('\u0003').process, never)).rejects.toMatchObject({ kind: 'interrupted' });
  });

  test('stopped by a signal is an interruption', async () => {
    const { process } = terminal('');

    await expect(confirm('Go on?', process, AbortSignal.abort())).rejects.toMatchObject({ kind: 'interrupted' });
  });

  test('is not asked away from a terminal', async () => {
    expect(await confirm('Go on?', terminal('y\r', false).process, never)).toBeNull();
  });
});

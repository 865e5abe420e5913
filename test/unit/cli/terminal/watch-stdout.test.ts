import { expect, test } from 'vitest';
import { watchStdout } from '../../../../cli/terminal/watch-stdout.ts';
import { RecordingStream } from '../../../support/memory/recording-stream.ts';

function watched() {
  const [stdout, stderr] = [new RecordingStream(), new RecordingStream()];
  const fail = (code: string) => stdout.emit('error', Object.assign(new Error(`write ${code}`), { code }));
  return { fail, stderr, ...watchStdout({ stdout, stderr }) };
}

test('a reader that leaves before the end is no failure', async () => {
  const { closed, fail, flushed } = watched();

  fail('EPIPE');

  expect(closed.aborted).toBe(true);
  await expect(flushed()).resolves.toBeUndefined();
});

test('a result that could not be written is a failure, by name', async () => {
  const { closed, fail, flushed } = watched();

  fail('ENOSPC');

  expect(closed.aborted).toBe(true);
  await expect(flushed()).rejects.toMatchObject({ kind: 'interrupted', context: { error: 'ENOSPC' } });
});

test('a result that is written whole is no failure', async () => {
  const { closed, flushed } = watched();

  await flushed();

  expect(closed.aborted).toBe(false);
});

test('a stderr without a reader ends nothing', () => {
  const { stderr } = watched();

  expect(() => stderr.emit('error', new Error('write EPIPE'))).not.toThrow();
});

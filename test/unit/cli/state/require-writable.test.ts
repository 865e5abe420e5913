import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { requireWritable } from '../../../../cli/state/require-writable.ts';

function workplace(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tailrace-state-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

test('checking whether a state directory can be written creates nothing', async () => {
  const directory = workplace();

  await requireWritable(join(directory, '.tailrace', 'Orders'));

  expect(readdirSync(directory)).toEqual([]);
});

test('checking whether a state directory can be written leaves an empty one of another command', async () => {
  const state = workplace();

  await requireWritable(state);

  expect(existsSync(state)).toBe(true);
});

test.each([
  ['below a file', (directory: string) => join(directory, 'file', 'state'), 'a part of its path is a file'],
  ['that is a file', (directory: string) => join(directory, 'file'), 'a part of its path is a file'],
  ['in a file system that refuses it', () => '/proc/tailrace/state', 'there is no such file or directory'],
])('a state directory %s can not be written', async (_, stateOf, reason) => {
  const directory = workplace();
  writeFileSync(join(directory, 'file'), '');
  const state = stateOf(directory);

  await expect(requireWritable(state)).rejects.toMatchObject({
    kind: 'state-invalid',
    message: `State directory ${state} can not be written: ${reason}`,
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { lockForProcess, lockHolder } from '../../../../cli/state/process-lock.ts';

async function folder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-lock-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** The id of a process that has ended and that its parent never reaps. */
async function ended(): Promise<number> {
  // The shell starts a child that waits for input, and then becomes a program that waits for no child.
  const parent = spawn('/bin/sh', ['-c', 'sh -c "read -r _" <&3 & echo $!; exec cat >&2'], {
    stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
  });
  onTestFinished(async () => {
    parent.kill('SIGKILL');
    if (parent.exitCode === null && parent.signalCode === null) await once(parent, 'exit');
  });
  const [line] = await once(createInterface({ input: parent.stdout ?? expect.unreachable() }), 'line');
  const pid = Number(line);
  const stateOf = async () => (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').charAt(0);
  const nameOf = async () => readFile(`/proc/${parent.pid}/comm`, 'utf8');
  await expect.poll(nameOf, { timeout: 10_000 }).toBe('cat\n');
  process.kill(pid, 'SIGKILL');
  await expect.poll(stateOf, { timeout: 10_000 }).toBe('Z');
  return pid;
}

test.skipIf(process.platform !== 'linux')(
  'the lock of a killed process does not hold, even before its parent reaps it',
  async () => {
    const path = join(await folder(), 'lock');
    const pid = await ended();
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    await writeFile(path, JSON.stringify({ pid, started: stat.replace(/^.*\) /, '').split(' ')[19] }));

    await using _lock = await lockForProcess(path, 'A backfill of orders');

    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
  },
);

test('the lock of a running process holds', async () => {
  const path = join(await folder(), 'lock');
  await using _lock = await lockForProcess(path, 'A backfill of orders');

  await expect(lockForProcess(path, 'A backfill of orders')).rejects.toMatchObject({
    kind: 'state-busy',
    message: `A backfill of orders is running: process ${process.pid}`,
  });
});

test('a lock names what its holder runs', async () => {
  const path = join(await folder(), 'lock');
  await using _lock = await lockForProcess(path, 'A removal of orders');

  await expect(lockForProcess(path, 'A backfill of orders')).rejects.toMatchObject({
    message: `A removal of orders is running: process ${process.pid}`,
  });
});

test('a lock that an older version wrote holds, under the name of what is refused', async () => {
  const path = join(await folder(), 'lock');
  await writeFile(path, JSON.stringify({ pid: process.pid, started: null }));

  await expect(lockForProcess(path, 'A backfill of orders')).rejects.toMatchObject({
    message: `A backfill of orders is running: process ${process.pid}`,
  });
});

test('the holder of a lock is its process, and none once it is released', async () => {
  const path = join(await folder(), 'lock');

  const before = await lockHolder(path);
  const lock = await lockForProcess(path, 'A tail of orders');
  const during = await lockHolder(path);
  await lock[Symbol.asyncDispose]();

  expect(before).toBeNull();
  expect(during).toMatchObject({ pid: process.pid });
  expect(await lockHolder(path)).toBeNull();
});

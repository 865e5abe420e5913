import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  commandEnvironment,
  createWorkplace,
  lastObject,
  type Workplace,
} from '../../support/process/tailrace-process.ts';
import { streamRecord } from '../../support/stream/record.ts';

const LAUNCHER = fileURLToPath(new URL('../../../bin/tailrace.js', import.meta.url));
const ARGS = ['export', 'Orders', '--destination', 'duckdb:shop.duckdb'];
const ITEMS = 2_000;

/** Never true, and never done. */
const ENDLESS = `(SELECT count(*) FROM range(1000000) AS a(x), range(1000000) AS b(y) WHERE x * y = length(key) + 7) < 0`;

let workplace: Workplace;
beforeAll(async () => {
  workplace = await createWorkplace();
  const Records = Array.from({ length: ITEMS }, (_, index) =>
    streamRecord({
      keys: { id: { S: `A-${index}` } },
      newImage: { id: { S: `A-${index}` }, note: { S: 'planted '.repeat(50) } },
      sequenceNumber: String(index + 1),
    }),
  );
  await workplace.tailrace(['replay', 'Orders', '--file', '-', '--destination', 'duckdb:shop.duckdb'], {
    stdin: JSON.stringify({ Records }),
  });
});
afterAll(() => workplace[Symbol.asyncDispose]());

/** Whatever became of an export, nothing of it is left beside the file. */
afterEach(async () => {
  expect(
    (await workplace.files()).filter((name) => !/^(?:shop\.duckdb|\.tailrace|done\.\w+|\.cache)$/.test(name)),
  ).toEqual([]);
});

test('a file has every item, and a second export finds it there', async () => {
  const first = await workplace.tailrace([...ARGS, '--out', 'done.ndjson', '--json']);
  const second = await workplace.tailrace([...ARGS, '--out', 'done.ndjson']);

  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(lastObject(first)).toMatchObject({ rows: ITEMS, file: 'done.ndjson', view: 'Orders_latest' });
  expect(readFileSync(join(workplace.directory, 'done.ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(ITEMS);
  expect(second).toMatchObject({ code: 2, stdout: '' });
});

test('a reader that leaves after a line is no failure', async () => {
  const pipe = `"$@" | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const command = [process.execPath, LAUNCHER, ...ARGS, '--out', '-', '--format', 'csv'];

  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', pipe, 'bash', ...command], {
    cwd: workplace.directory,
    env: commandEnvironment(workplace.directory),
  });

  expect(stdout).toBe('"key","item","digest","position",changed_at,"snapshot_id"\r\n0\n');
  expect(stderr).toBe('');
});

test('a full disk behind standard output is named', async () => {
  const ended = await workplace.tailrace([...ARGS, '--out', '-', '--format', 'csv'], { after: 'exec > /dev/full' });

  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/^tailrace: The result could not be written to standard output .*ENOSPC.*\n$/);
});

test.each(['csv', 'ndjson'])('a disk without room for the file is named, and no %s is left', async (format) => {
  const ended = await workplace.tailrace([...ARGS, '--out', `none.${format}`], { after: 'ulimit -f 100' });

  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toBe(
    `tailrace: none.${format} can not be written: it is larger than a file may be there. ` +
      'Make room there, or name a file on another disk with --out, and run it again.\n',
  );
});

test('an interrupted export leaves nothing', async () => {
  const files = watch(workplace.directory);
  const running = workplace.start([...ARGS, '--out', 'none.csv', '--where', ENDLESS]);
  for await (const { filename } of files) if (filename?.startsWith('.tailrace-export-')) break;

  const ended = await running.stop('SIGINT');

  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/tailrace: The export was interrupted\. Nothing was written: run it again\.\n$/);
  expect(existsSync(join(workplace.directory, 'none.csv'))).toBe(false);
});

test('another export need not wait for one that runs', async () => {
  const files = watch(workplace.directory);
  const running = workplace.start([...ARGS, '--out', 'none.csv', '--where', ENDLESS]);
  for await (const { filename } of files) if (filename?.startsWith('.tailrace-export-')) break;

  const other = await workplace.tailrace([...ARGS, '--out', 'done.csv', '--force']);

  expect(other).toMatchObject({ code: 0, stderr: '' });
  await running.stop('SIGINT');
});

test('an export and a writer share the file', async () => {
  const record = streamRecord({ keys: { id: { S: 'late' } }, newImage: { id: { S: 'late' } }, sequenceNumber: '9999' });
  const replay = ['replay', 'Orders', '--file', '-', '--destination', 'duckdb:shop.duckdb'];

  const [exported, replayed] = await Promise.all([
    workplace.tailrace([...ARGS, '--out', 'done.parquet', '--json']),
    workplace.tailrace(replay, { stdin: JSON.stringify({ Records: [record] }) }),
  ]);

  expect([exported.code, replayed.code]).toEqual([0, 0]);
  expect([ITEMS, ITEMS + 1]).toContain((lastObject(exported) as { rows: number }).rows);
});

import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkplace, lastObject, type Workplace } from '../../support/process/tailrace-process.ts';
import { streamRecord } from '../../support/stream/record.ts';

const ARGS = [
  'export',
  'Orders',
  '--destination',
  'duckdb:shop.duckdb',
  '--out',
  'orders.hyper',
  '--python',
  './python',
];

let workplace: Workplace;
beforeAll(async () => {
  workplace = await createWorkplace();
  const keys = { id: { S: 'A-1' } };
  const Records = [streamRecord({ keys, newImage: keys, sequenceNumber: '1' })];
  await workplace.tailrace(['replay', 'Orders', '--file', '-', '--destination', 'duckdb:shop.duckdb'], {
    stdin: JSON.stringify({ Records }),
  });
});
afterAll(() => workplace[Symbol.asyncDispose]());

/** A stand-in for Python: the engine is there, and a line of the shell makes the extract. */
function python(line: string, check = `echo '{"rows":0,"nulled":[]}'`): void {
  const file = join(workplace.directory, 'python');
  const script = `request=$(cat); case "$request" in *'"check":true'*) ${check}; exit;; esac; ${line}`;
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o700);
}

const inPlace = (name: string) => join(workplace.directory, name);

test('an extract takes the place of the rows that it was made of, and what had to change is told', async () => {
  python(`printf %s "$request" > made.hyper; echo '{"rows":1,"nulled":[{"column":"at","values":2}]}'`);

  const done = await workplace.tailrace([...ARGS, '--json']);

  expect(done).toMatchObject({ code: 0 });
  expect(lastObject(done)).toMatchObject({ format: 'hyper', file: 'orders.hyper', rows: 1, view: 'Orders_latest' });
  expect(done.stderr).toContain("at: 2 times that Tableau can't hold, NULL in the extract.");
  expect(JSON.parse(readFileSync(inPlace('orders.hyper'), 'utf8'))).toMatchObject({ table: 'Orders_latest' });
  expect(statSync(inPlace('orders.hyper')).mode).toBe(statSync(inPlace('shop.duckdb')).mode);
});

test('an engine that is missing is named before a row is read, and the extract before stays', async () => {
  writeFileSync(inPlace('orders.hyper'), 'the one before');
  python('echo unreachable; exit 9', `echo '{"error":"package-missing"}'`);

  const done = await workplace.tailrace([...ARGS, '--force']);

  expect(done).toMatchObject({ code: 2, stdout: '' });
  expect(done.stderr).toContain('Run `./python -m pip install tableauhyperapi`.');
  expect(readFileSync(inPlace('orders.hyper'), 'utf8')).toBe('the one before');
});

test("a column that no extract can hold is named, with the user's own file and not a temporary one", async () => {
  python(`echo '{"error":"columns-refused","columns":["when"]}'`);

  const done = await workplace.tailrace([...ARGS, '--force']);

  expect(done).toMatchObject({ code: 2, stdout: '' });
  expect(done.stderr).toContain(`orders.hyper can't hold these columns: "when"`);
  expect(done.stderr).not.toContain('.tailrace-');
  expect((await workplace.files()).filter((name) => name.startsWith('.tailrace-'))).toEqual([]);
});

test('--python is refused where no extract is made', async () => {
  const done = await workplace.tailrace([...ARGS, '--format', 'csv']);

  expect(done).toMatchObject({ code: 2 });
  expect(done.stderr).toContain('--python is about Tableau extracts, and the format is csv');
  expect(existsSync(inPlace('orders.csv'))).toBe(false);
});

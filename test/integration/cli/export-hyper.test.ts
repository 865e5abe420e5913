import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withEngine } from '../../support/export/written-file.ts';
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

test('lists are the text that the other formats have, and their columns are told', async () => {
  mkdirSync(inPlace('schemas'));
  const columns = [
    { name: 'numbers', type: 'INT64', mode: 'REPEATED' },
    { name: 'parts', type: 'FLOAT64', mode: 'REPEATED' },
    { name: 'first', type: 'INT64', path: ['numbers', 0] },
  ];
  writeFileSync(inPlace('schemas/Orders.json'), JSON.stringify({ columns }));
  const destination = ['--destination', 'duckdb:shop.duckdb'];
  const newImage = {
    id: { S: 'A-1' },
    numbers: { L: [{ N: '9007199254740993' }, { N: '1' }] },
    parts: { L: [{ N: '0.5' }, { N: '-9223372036854775808' }] },
  };
  const record = streamRecord({ keys: { id: { S: 'A-1' } }, newImage, sequenceNumber: '2' });
  await workplace.tailrace(['replay', 'Orders', '--file', '-', ...destination], {
    stdin: JSON.stringify({ Records: [record] }),
  });
  await workplace.tailrace(['views', 'apply', 'Orders', ...destination]);
  // The stand-in's extract is the Parquet file that it is given.
  python(
    `cp "$(printf %s "$request" | sed 's/.*"parquet":"\\([^"]*\\)".*/\\1/')" made.hyper; echo '{"rows":1,"nulled":[]}'`,
  );

  const done = await workplace.tailrace([...ARGS, '--force', '--view', 'Orders']);
  const csv = await workplace.tailrace(['export', 'Orders', ...destination, '--view', 'Orders', '--out', 'orders.csv']);

  expect([done.code, csv.code]).toEqual([0, 0]);
  expect(done.stderr).toContain('These columns are JSON text in the extract: numbers, parts.');
  const texts = ['["9007199254740993",1]', '[0.5,-9.223372036854776e+18]'];
  const read = await withEngine((run) =>
    run(`SELECT numbers, parts, typeof(first) FROM read_parquet('${inPlace('orders.hyper')}')`),
  );
  expect(read).toEqual([[...texts, 'BIGINT']]);
  const cells = texts.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
  expect(readFileSync(inPlace('orders.csv'), 'utf8')).toContain(cells);
  rmSync(inPlace('orders.csv'));
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

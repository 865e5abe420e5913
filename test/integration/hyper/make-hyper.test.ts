import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { makeHyper } from '../../../cli/hyper/make-hyper.ts';
import { shellWord } from '../../../cli/next-step/shell-word.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

/** A folder with a Parquet file, and a stand-in for Python that runs a line of the shell. */
async function stageOf(line: string) {
  const folder = temporaryFolder();
  const parquet = join(folder, 'orders.parquet');
  const python = join(temporaryFolder(), 'py thon');
  await writeFile(python, `#!/bin/sh\n${line}\n`);
  await chmod(python, 0o700);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (SELECT 1 AS a) TO '${parquet}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  const out = join(folder, 'orders.hyper');
  const make = (more: object = {}) => makeHyper({ parquet, out, table: 'orders', python, ...more });
  return { folder, parquet, out, python, make };
}

const DONE = `echo '{"rows":3,"columns":1,"nulled":[{"column":"a","values":2}]}'`;

test('the extract gets its name once it is whole, and nothing else is left', async () => {
  const stage = await stageOf(`touch hyperd.log; cat > made.hyper; ${DONE}`);
  await writeFile(stage.out, 'the one before');

  expect(await stage.make()).toEqual({ rows: 3, nulled: [{ column: 'a', values: 2 }] });

  expect(await readdir(stage.folder)).toEqual(['orders.hyper', 'orders.parquet']);
  expect(JSON.parse(await readFile(stage.out, 'utf8'))).toMatchObject({
    parquet: stage.parquet,
    schema: 'Extract',
    table: 'orders',
  });
});

test.each([
  ['{"error":"package-missing"}', 'config-invalid', "Python's package tableauhyperapi is missing"],
  ['{"error":"columns-refused","columns":["a\\"b","c"]}', 'usage-invalid', /: "a\\"b", "c"$/],
  ['{"error":"engine-failed"}', 'usage-invalid', /^Tableau's engine did not make /],
])('after %s the extract before stays, and nothing else is left', async (answer, kind, message) => {
  const stage = await stageOf(`touch made.hyper; printf '%s' '${answer}'`);
  await writeFile(stage.out, 'the one before');

  await expect(stage.make()).rejects.toMatchObject({
    kind,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });
  expect(await readdir(stage.folder)).toEqual(['orders.hyper', 'orders.parquet']);
  expect(await readFile(stage.out, 'utf8')).toBe('the one before');
});

test('a missing package comes with the command that installs it for that Python', async () => {
  const stage = await stageOf(`echo '{"error":"package-missing"}'`);

  await expect(stage.make()).rejects.toMatchObject({
    remedy: `Run \`${shellWord(stage.python, process.platform)} -m pip install tableauhyperapi\`.`,
  });
});

test('a Python that is not there is named, with the command for after its installation', async () => {
  const stage = await stageOf('');

  await expect(stage.make({ python: 'python-of-nobody' })).rejects.toMatchObject({
    kind: 'config-invalid',
    message: 'Python was not found as `python-of-nobody`',
    remedy: expect.stringContaining('`python-of-nobody -m pip install tableauhyperapi`'),
  });
});

test('a Python that dies gives what it printed as the cause, and not in the message', async () => {
  const stage = await stageOf('echo secret >&2; exit 3');

  const failure = stage.make();
  await expect(failure).rejects.toMatchObject({
    kind: 'config-invalid',
    message: expect.stringMatching(/ended without an answer, with code 3$/),
    cause: { message: 'secret\n' },
  });
});

test('an extract that is stopped leaves nothing', async () => {
  const stage = await stageOf('echo begun > "$(dirname "$0")/begun"; exec sleep 60');
  const stop = new AbortController();
  const making = stage.make({ signal: stop.signal });
  making.catch(() => {});
  await expect.poll(() => readdir(join(stage.python, '..'))).toContain('begun');
  stop.abort();

  await expect(making).rejects.toMatchObject({ kind: 'interrupted' });
  expect(await readdir(stage.folder)).toEqual(['orders.parquet']);
});

test('a folder that is missing is refused before anything is read', async () => {
  const stage = await stageOf('');

  await expect(stage.make({ out: join(stage.folder, 'none', 'a.hyper') })).rejects.toMatchObject({
    kind: 'usage-invalid',
    message: expect.stringContaining('there is no such file or directory'),
  });
});

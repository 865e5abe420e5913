import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { CONSUMER_ENVIRONMENT, CONSUMER_TSCONFIG, librarySnippets } from '../support/docs/library-page.ts';
import { streamRecord } from '../support/stream/record.ts';

const BIN = resolve(import.meta.dirname, '../../node_modules/.bin');
const installed = inject('installed');
const snippets = await librarySnippets();

/** Runs a program in the directory of the installation, with this Node first on its path. */
async function run(program: string, ...args: readonly string[]): Promise<{ code: number; printed: string }> {
  const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, ...CONSUMER_ENVIRONMENT };
  return promisify(execFile)(program, args, { cwd: installed?.directory, env }).then(
    ({ stdout, stderr }) => ({ code: 0, printed: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      printed: stdout + stderr,
    }),
  );
}

describe.skipIf(installed === null)('the package, installed from its tarball', () => {
  const { directory, tarball } = installed ?? { directory: '', tarball: '' };
  const root = join(directory, 'node_modules/tailrace');

  beforeAll(async () => {
    await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(CONSUMER_TSCONFIG));
    for (const { name, code } of snippets) await writeFile(join(directory, `${name}.ts`), code);
    const types = join(directory, 'node_modules/@types/node');
    await mkdir(dirname(types), { recursive: true });
    if (!existsSync(types)) await symlink(resolve(BIN, '../@types/node'), types);
  });

  test('holds built JavaScript, its types and the command, and no sources', async () => {
    const files = (await readdir(root, { recursive: true, withFileTypes: true }))
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(root.length + 1));

    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'bin/tailrace.js',
        'hyper/make_hyper.py',
        'src/schema/schema.json',
        'dist/src/index.d.ts',
      ]),
    );
    expect(
      files.filter(
        (file) =>
          !/^(LICENSE|README\.md|package\.json|bin\/tailrace\.js|hyper\/make_hyper\.py|src\/schema\/schema\.json)$/.test(
            file,
          ),
      ),
    ).toSatisfy((others: readonly string[]) =>
      others.every((file) => /^dist\/(src|backfill|cli)\/.*\.(js|d\.ts)$/.test(file)),
    );
  });

  test('publint finds nothing', async () => {
    expect(await run(join(BIN, 'publint'), '--strict', tarball)).toMatchObject({
      code: 0,
      printed: expect.stringContaining('All good!'),
    });
  });

  test('its types are not wrong', async () => {
    expect(await run(join(BIN, 'attw'), tarball, '--profile', 'esm-only')).toMatchObject({ code: 0 });
  });

  test('is imported by plain Node, without loading a destination that it does not use', async () => {
    const { printed } = await run(
      process.execPath,
      '--input-type=module',
      '--eval',
      `const { createStreamHandler, decode } = await import('tailrace');
       const { openDestination } = await import('tailrace/destinations');
       const { openBigQuery } = await import('tailrace/bigquery');
       const { handler } = await import('tailrace/lambda');
       const loaded = process.report.getReport().sharedObjects.filter((path) => path.includes('duckdb'));
       console.log([createStreamHandler, decode, openDestination, openBigQuery, handler].map((f) => typeof f), loaded);`,
    );

    expect(printed).toBe(`[ 'function', 'function', 'function', 'function', 'function' ] []\n`);
  });

  test('the command runs', async () => {
    expect(await run('npx', '--no-install', 'tailrace', '--help')).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/^Usage: tailrace /m),
    });

    const destination = `--destination=duckdb:${join(directory, 'replayed.duckdb')}`;
    await writeFile(join(directory, 'event.json'), JSON.stringify({ Records: [streamRecord()] }));
    const replay = await run('npx', '--no-install', 'tailrace', 'replay', 'Orders', '--file=event.json', destination);
    expect(replay).toMatchObject({ code: 0 });
    const sql = 'SELECT key FROM Orders_latest';
    const query = await run('npx', '--no-install', 'tailrace', 'query', sql, '--json', destination);
    expect(query).toMatchObject({ code: 0, printed: expect.stringContaining(String.raw`{"key":"[\"a\"]"}`) });
  });

  test('what is written against it passes a strict type check, its own types included', async () => {
    expect(await run(join(BIN, 'tsc'), '-p', directory)).toEqual({ code: 0, printed: '' });
  });

  test.each(snippets)('the snippet $name of the page runs on it', async ({ name, prints }) => {
    expect(await run(process.execPath, `${name}.ts`)).toEqual({ code: 0, printed: prints });
  });

  test('a handler bundled as the page says holds no DuckDB and no command', async () => {
    const { metafile } = await build({
      entryPoints: [join(directory, 'a-handler-of-your-own.ts')],
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      external: ['@aws-sdk/*'],
      write: false,
      metafile: true,
    });

    const inputs = Object.keys(metafile.inputs);
    expect(inputs.filter((path) => /duckdb|commander|tailrace\/dist\/(cli|backfill)\//.test(path))).toEqual([]);
    expect(inputs.some((path) => path.endsWith('tailrace/dist/src/delivery/stream-handler.js'))).toBe(true);
  });
});

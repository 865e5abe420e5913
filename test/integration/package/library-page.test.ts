import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONSUMER_ENVIRONMENT, CONSUMER_TSCONFIG, librarySnippets } from '../../support/docs/library-page.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);
const snippets = await librarySnippets();

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-library-'));
  await installSources(join(directory, 'node_modules'));
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  const tsconfig = structuredClone(CONSUMER_TSCONFIG);
  Object.assign(tsconfig.compilerOptions, { allowImportingTsExtensions: true });
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(tsconfig));
  for (const { name, code } of snippets) await writeFile(join(directory, `${name}.ts`), code);
});
afterAll(() => rm(directory, { recursive: true }));

/** Puts the checkout where an installed package would be: its exports, pointing at the sources that they are built of. */
async function installSources(modules: string): Promise<void> {
  await mkdir(join(modules, 'tailrace'), { recursive: true });
  const manifest: string = await readFile(join(ROOT, 'package.json'), 'utf8');
  const { name, type, exports }: Record<string, unknown> = JSON.parse(manifest);
  const ofSources = JSON.stringify({ name, type, exports }).replace(/\.\/dist\/([^"]+?)\.(d\.ts|js)"/g, './$1.ts"');
  await writeFile(join(modules, 'tailrace/package.json'), ofSources);
  await symlink(join(ROOT, 'src'), join(modules, 'tailrace/src'));
  await symlink(join(ROOT, 'node_modules/@types'), join(modules, '@types'));
}

test('the page has a snippet under each heading that promises one', () => {
  expect(snippets.map(({ name }) => name)).toEqual([
    'a-handler-in-one-line',
    'a-handler-of-your-own',
    'records-and-rows',
    'another-destination-for-changes-or-for-dead-letters',
    'a-destination-by-its-name',
  ]);
});

test('every snippet passes a strict type check', async () => {
  const outcome = await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', directory]).catch(
    ({ stdout }: { stdout: string }) => ({ stdout }),
  );

  expect(outcome.stdout).toBe('');
});

test.each(snippets)('$name runs, and prints what the page says', async ({ name, prints }) => {
  const { stdout } = await run(process.execPath, [`${name}.ts`], {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...CONSUMER_ENVIRONMENT },
  });

  expect(stdout).toBe(prints);
});

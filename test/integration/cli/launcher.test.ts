import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorkplace, type Workplace } from '../../support/process/tailrace-process.ts';

const LAUNCHER = fileURLToPath(new URL('../../../bin/tailrace.js', import.meta.url));

/** Makes Node report an older version. */
const OLD_NODE =
  'data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })';

let workplace: Workplace;
let launcher: string;
beforeEach(async () => {
  workplace = await createWorkplace();
  launcher = join(workplace.directory, 'bin', 'tailrace.js');
  await mkdir(join(workplace.directory, 'bin'));
  await copyFile(LAUNCHER, launcher);
  await writeFile(join(workplace.directory, 'package.json'), '{"type":"module"}');
});
afterEach(() => workplace[Symbol.asyncDispose]());

/** Writes an executable file below the workplace. */
async function writeProgram(path: string, text: string): Promise<void> {
  const full = join(workplace.directory, path);
  await mkdir(join(full, '..'), { recursive: true });
  await writeFile(full, text, { mode: 0o755 });
}

const main = (name: string) =>
  `export async function run(process) { process.stdout.write('${name} ' + process.argv[2]); }`;

test('from a checkout, the sources run', async () => {
  await writeProgram('cli/main.ts', main('sources'));
  await writeProgram('dist/cli/main.js', main('built'));

  expect(await workplace.tailrace(['status'], { launcher })).toEqual({ code: 0, stdout: 'sources status', stderr: '' });
});

test('from a package, the built JavaScript runs', async () => {
  await writeProgram('dist/cli/main.js', main('built'));

  expect(await workplace.tailrace(['status'], { launcher })).toEqual({ code: 0, stdout: 'built status', stderr: '' });
});

test('compiled code goes into a directory of the user, not into one that all users share', async () => {
  await writeProgram('dist/cli/main.js', main('built'));
  const shared = join(workplace.directory, 'tmp');
  await mkdir(shared);
  const env = { NODE_COMPILE_CACHE: undefined, NODE_DISABLE_COMPILE_CACHE: undefined, TMPDIR: shared };

  await workplace.tailrace(['status'], { launcher, env });

  expect(await readdir(join(workplace.directory, '.cache', 'tailrace', 'compiled'))).not.toEqual([]);
  expect(await readdir(shared)).toEqual([]);
});

test('a home that cannot be written to is no hindrance', async () => {
  await writeProgram('dist/cli/main.js', main('built'));
  const env = { NODE_COMPILE_CACHE: undefined, NODE_DISABLE_COMPILE_CACHE: undefined, HOME: '/dev/null' };

  expect(await workplace.tailrace(['status'], { launcher, env })).toEqual({
    code: 0,
    stdout: 'built status',
    stderr: '',
  });
});

test("under an older Node, the checkout's own Node runs it, and its exit code counts", async () => {
  await writeProgram('node_modules/.bin/node', '#!/bin/sh\nshift\necho "own node: $@"\nexit 1\n');

  const ended = await workplace.tailrace(['query', 'SELECT 1'], { launcher, nodeOptions: ['--import', OLD_NODE] });

  expect(ended).toEqual({ code: 1, stdout: 'own node: query SELECT 1\n', stderr: '' });
});

test("under an older Node, a signal reaches the checkout's own Node", async () => {
  await writeProgram(
    'node_modules/.bin/node',
    '#!/bin/sh\ntrap "echo stopped; exit 0" TERM\necho ready\nwhile :; do sleep 0.05; done\n',
  );
  const running = workplace.start(['tail'], { launcher, nodeOptions: ['--import', OLD_NODE] });
  await expect.poll(() => running.stdout).toBe('ready\n');

  expect(await running.stop('SIGTERM')).toEqual({ code: 0, stdout: 'ready\nstopped\n', stderr: '' });
});

test("under an older Node, kill -9 ends the checkout's own Node too, and nothing waits for it", async () => {
  await writeProgram('node_modules/.bin/node', `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
  await writeProgram(
    'cli/main.ts',
    `export async function run(process) {
      process.stdout.write(process.pid + '\\n');
      if (process.argv[2] === 'tail') setInterval(() => {}, 1_000);
    }`,
  );
  const options = { launcher, nodeOptions: ['--import', OLD_NODE] };
  expect(await workplace.tailrace(['status'], options)).toMatchObject({ code: 0 });
  const running = workplace.start(['tail'], options);
  await expect.poll(() => running.stdout).toMatch(/^\d+\n$/);

  // It resolves once both have closed the output.
  expect(await running.stop('SIGKILL')).toMatchObject({ code: null });
});

test('under an older Node without another one, one line says what is needed', async () => {
  const ended = await workplace.tailrace(['status'], { launcher, nodeOptions: ['--import', OLD_NODE] });

  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/^tailrace: This is Node 20\.20\.2\. Tailrace needs Node 24 or newer: [^\n]+\n$/);
});

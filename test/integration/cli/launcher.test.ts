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

const OWN_NODE = `#!/bin/sh\nexec '${process.execPath}' "$@"\n`;

/** A command that reports each signal, as it came: to the process itself, or passed on by the launcher. */
const REPORTS_SIGNALS = `export async function run(process) {
  const stop = (how) => { process.stdout.write(how + '\\n'); clearInterval(waiting); };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => stop(name));
  process.on('message', (name) => stop('passed on: ' + name));
  const waiting = setInterval(() => {}, 1_000);
  process.stdout.write('ready\\n');
}`;

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  "under an older Node, %s is passed on to the checkout's own Node",
  async (signal) => {
    await writeProgram('node_modules/.bin/node', OWN_NODE);
    await writeProgram('cli/main.ts', REPORTS_SIGNALS);
    const running = workplace.start(['tail'], { launcher, nodeOptions: ['--import', OLD_NODE] });
    await expect.poll(() => running.stdout, { timeout: 20_000 }).toBe('ready\n');

    expect(await running.stop(signal)).toEqual({ code: 0, stdout: `ready\npassed on: ${signal}\n`, stderr: '' });
  },
);

test('a signal that comes while the command is being loaded is for the command', async () => {
  await writeProgram(
    'cli/main.ts',
    `process.stdout.write('loading\\n');
    const loading = setInterval(() => {}, 1_000);
    await new Promise((resolve) => process.once('SIGTERM', resolve));
    clearInterval(loading);
    ${REPORTS_SIGNALS}`,
  );
  const running = workplace.start(['tail'], { launcher });
  await expect.poll(() => running.stdout, { timeout: 20_000 }).toBe('loading\n');

  expect(await running.stop('SIGTERM')).toMatchObject({ code: 0, stdout: 'loading\nready\nSIGTERM\n' });
});

/** Runs the command as npm does: by a shell, which does not pass signals on. */
const NPM = `#!/bin/sh\nnpm_execpath=npm-cli.js sh -c '"$0" "$@"; exit $?' "$@"\n`;

test.each([
  ['npm', 'the command', [], 'SIGTERM'],
  ['npm', 'the launcher of another Node', ['--import', OLD_NODE], 'passed on: SIGTERM'],
  ['the shell of npm', 'the command', [], 'SIGTERM'],
])('once %s is killed, %s stops as at SIGTERM, and leaves no orphan', async (killed, _, nodeOptions, stopped) => {
  await writeProgram('npm', NPM);
  await writeProgram('node_modules/.bin/node', OWN_NODE);
  await writeProgram('cli/main.ts', REPORTS_SIGNALS);
  const after = killed === 'npm' ? 'exec ./npm "$0" "$@"' : 'export npm_execpath=npm-cli.js; "$0" "$@"; exit $?';
  const running = workplace.start(['tail'], { launcher, nodeOptions, after });
  await expect.poll(() => running.stdout, { timeout: 20_000 }).toBe('ready\n');

  // It resolves once all of them have closed the output.
  expect(await running.stop('SIGKILL')).toEqual({ code: null, stdout: `ready\n${stopped}\n`, stderr: '' });
});

test("under an older Node, kill -9 ends the checkout's own Node too, and nothing waits for it", async () => {
  await writeProgram('node_modules/.bin/node', OWN_NODE);
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
  await expect.poll(() => running.stdout, { timeout: 20_000 }).toMatch(/^\d+\n$/);

  // It resolves once both have closed the output.
  expect(await running.stop('SIGKILL')).toMatchObject({ code: null });
});

test('under an older Node without another one, one line says what is needed', async () => {
  const ended = await workplace.tailrace(['status'], { launcher, nodeOptions: ['--import', OLD_NODE] });

  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/^tailrace: This is Node 20\.20\.2\. Tailrace needs Node 24 or newer: [^\n]+\n$/);
});

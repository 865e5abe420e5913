import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CTRL_C, CTRL_Z, ENTER, lookLikeCheckout, startShell } from '../../support/process/shell-session.ts';
import { createWorkplace, type Workplace } from '../../support/process/tailrace-process.ts';
import { type Dynoxide, startDynoxide, type TestTable } from '../../support/stream/dynoxide.ts';

const LAUNCHER = fileURLToPath(new URL('../../../bin/tailrace.js', import.meta.url));

/** A live line, or a plain line of the same text. */
const STATUS = /: 0 records, 0\/s, up to date, 1 shard/;

let server: Dynoxide;
let workplace: Workplace;
let table: TestTable;
beforeAll(async () => {
  server = await startDynoxide();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  table = await server.createTable({ prefix: 'shop' });
  workplace = await createWorkplace();
  await lookLikeCheckout(workplace.directory);
  return () => workplace[Symbol.asyncDispose]();
});

const open = (shell: 'bash' | 'sh') =>
  startShell(shell, workplace.directory, {
    AWS_ENDPOINT_URL: server.endpointUrl,
    TAILRACE_DESTINATION: 'duckdb:shop.duckdb',
  });

/** Resolves once no process follows the table. */
const noneFollows = () =>
  expect
    .poll(
      async () => {
        const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
        return stdout.split('\n').filter((line) => line.includes(`tail ${table.name}`));
      },
      { timeout: 20_000 },
    )
    .toEqual([]);

test.each(['bash', 'sh'] as const)(
  'in %s, a tail in the background leaves the terminal whole, and `kill` of its job ends it without an orphan',
  async (name) => {
    await using shell = await open(name);

    expect(await shell.run(`npx tailrace tail ${table.name} &`)).toBe(0);
    await shell.waitFor(/`kill \d+` stops it/);
    await shell.waitFor(STATUS);
    expect(await shell.run('echo typed meanwhile')).toBe(0);
    const meanwhile = await shell.screen();
    expect(await shell.run('kill %1')).toBe(0);
    await shell.waitFor(/Stopped: 0 records/);
    await noneFollows();

    expect(meanwhile).toMatch(/stops it\.\n.*: 0 records, [^\n]*\necho typed meanwhile\ntyped meanwhile\n<0>\$$/);
    expect(await shell.run('echo $?')).toBe(0);
  },
);

test.each([
  ['bash', 'kill %1'],
  ['sh', 'kill $!'],
])('in a script of %s, `%s` ends a tail without an orphan', async (name, kill) => {
  const script = [
    `npx tailrace tail ${table.name} &`,
    `until [ -e .tailrace/${table.name}/tail.lock ]; do sleep 0.1; done`,
    kill,
    'wait $!',
  ];
  await writeFile(join(workplace.directory, 'script'), script.join('\n'));
  await using shell = await open('bash');

  // npx ends by the signal itself.
  expect(await shell.run(`${name} script`)).toBe(143);
  await noneFollows();
});

test('Ctrl-C ends a tail with 0, and leaves nothing of its line', async () => {
  await using shell = await open('bash');

  for (let run = 1; run <= 3; run++) {
    shell.type(`${LAUNCHER} tail ${table.name}${ENTER}`);
    await shell.waitFor(run === 1 ? /Ctrl-C stops it/ : STATUS);
    shell.type(CTRL_C);
    expect(await shell.prompt()).toBe(0);
  }

  const screen = await shell.screen();
  expect(screen).not.toMatch(STATUS);
  expect(screen).not.toContain('^C');
  expect(screen).toMatch(/ Ctrl-C stops it\.\nStopped: 0 records of [^\n]*\n+<0>\$$/);
});

test('bg turns the line of a tail into plain lines, and fg brings it back', async () => {
  await using shell = await open('bash');

  shell.type(`${LAUNCHER} tail ${table.name}${ENTER}`);
  await shell.waitFor(STATUS);
  shell.type(CTRL_Z);
  await shell.prompt();
  await shell.run('clear');
  shell.type(`bg${ENTER}`);
  await shell.waitFor(STATUS);
  await shell.run('echo typed meanwhile');
  const inBackground = await shell.screen();
  shell.type(`fg${ENTER}`);
  await shell.waitFor(STATUS);
  shell.type(CTRL_C);

  expect(await shell.prompt()).toBe(0);
  expect(inBackground.match(new RegExp(STATUS, 'g'))).toHaveLength(1);
  expect(inBackground).toMatch(/\ntyped meanwhile\n<0>\$$/);
});

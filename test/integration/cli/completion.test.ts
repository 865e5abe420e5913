import { execFile, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { commandStage } from '../../support/stages/command-stage.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

const run = promisify(execFile);

const COMMANDS =
  'setup backfill tail replay dead-letters gaps snapshots compact retention verify schema views tableau query export remove status completion'.split(
    ' ',
  );

/** What is typed after `tailrace `, and what may stand in place of its last word. */
const CASES: readonly (readonly [typed: string, offered: readonly string[]])[] = [
  ['', COMMANDS],
  ['sta', ['status']],
  ['--region eu-west-1 ver', ['verify']],
  ['snapshots ', ['list', 'publish', 'rollback', 'drop']],
  ['dead-letters s', ['show']],
  ['completion ', ['bash', 'zsh', 'fish']],
  ['status ', ['Orders', 'order-lines']],
  ['backfill --segments 4 O', ['Orders']],
  ['snapshots drop O', ['Orders']],
  ['verify --sam', ['--sample']],
  ['backfill Orders --end', ['--endpoint-url']],
  ['verify --sample ', []],
  ['status --destination ', ['duckdb:', 'bigquery:']],
  ['status --destination duckdb:sh', ['duckdb:shop.duckdb']],
  ['replay Orders --file ev', ['event.json']],
];

async function script(shell: string): Promise<string> {
  const stage = commandStage();
  expect(await stage.tailrace('completion', shell)).toBe(0);
  return stage.stdout.text;
}

/** A folder with the state of two tables, a destination and a file. */
async function folder(shell: string): Promise<string> {
  const directory = temporaryFolder();
  for (const table of ['Orders', 'order-lines']) await mkdir(join(directory, '.tailrace', table), { recursive: true });
  await writeFile(join(directory, 'shop.duckdb'), '');
  await writeFile(join(directory, 'event.json'), '');
  await writeFile(join(directory, 'script'), await script(shell));
  return directory;
}

function isHere(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0;
}

async function offeredByBash(cwd: string, typed: string, breaks = ' ='): Promise<readonly string[]> {
  const program = `source ./script
    COMP_WORDBREAKS="$2"; COMP_LINE="tailrace $1"; COMP_POINT=\${#COMP_LINE}
    _tailrace
    for item in "\${COMPREPLY[@]}"; do echo "$item"; done`;
  const { stdout } = await run('bash', ['--norc', '-c', program, 'bash', typed, breaks], { cwd });
  return stdout.split('\n').filter((line) => line !== '');
}

describe.skipIf(!isHere('bash'))('in bash', () => {
  test.each(CASES)('%j is completed by %j', async (typed, offered) => {
    expect(await offeredByBash(await folder('bash'), typed)).toEqual(offered);
  });

  test('only what follows a colon is offered, where bash takes that for a word of its own', async () => {
    const cwd = await folder('bash');

    expect(await offeredByBash(cwd, 'status --destination duckdb:sh', ' =:')).toEqual(['shop.duckdb']);
    expect(await offeredByBash(cwd, 'status --destination=duckdb:sh', ' =:')).toEqual(['shop.duckdb']);
  });

  test('the name of a directory is never run', async () => {
    const cwd = await folder('bash');
    await mkdir(join(cwd, '.tailrace', '$(touch run)'));

    expect(await offeredByBash(cwd, 'status $')).toEqual(['$(touch run)']);
    expect((await run('ls', { cwd })).stdout).not.toContain('run');
  });
});

test.skipIf(!isHere('zsh'))('in zsh the script parses', async () => {
  await run('zsh', ['-n', 'script'], { cwd: await folder('zsh') });
});

describe.skipIf(!isHere('fish'))('in fish', () => {
  test.each(CASES)('%j is completed by %j', async (typed, offered) => {
    const program = 'source ./script; complete -C "tailrace $TYPED"';
    const env = { ...process.env, TYPED: typed };

    const { stdout } = await run('fish', ['--no-config', '-c', program], { cwd: await folder('fish'), env });

    const words = stdout.split('\n').filter((line) => line !== '');
    expect(words.map((word) => word.replace(/\t.*/, '')).sort()).toEqual(offered.toSorted());
  });
});

test.each(['zsh', 'fish'])('the script for %s has every command and every option', async (shell) => {
  const words = (await script('bash')).match(/(?<=\()(?:-[-a-z]+ ?)+(?=\))|'[a-z -]+'(?=\))/g)?.join(' ') ?? '';
  const names = new Set(words.match(/[a-z][-a-z]+/g));
  expect(names.size).toBeGreaterThan(40);

  const other = await script(shell);

  expect([...names].filter((name) => !other.includes(name))).toEqual([]);
});

test("the hint for a group's command knows every group", async () => {
  const groups = [...(await script('bash')).matchAll(/'([a-z-]+):0'\) candidates=\((.*)\)/g)].filter(
    ([, group]) => group !== 'completion',
  );
  expect(groups.length).toBeGreaterThan(2);
  for (const [, group, members = ''] of groups) {
    for (const member of members.split(' ').filter((name) => !COMMANDS.includes(name))) {
      const stage = commandStage();
      await stage.tailrace(member);
      expect(stage.stderr.text).toContain(`${group} ${member}`);
    }
  }
});

test('an unknown shell is refused by name', async () => {
  const stage = commandStage();

  expect(await stage.tailrace('completion', 'tcsh')).toBe(2);

  expect(stage.stderr.text).toMatch(/'tcsh'.*bash, zsh, fish/);
});

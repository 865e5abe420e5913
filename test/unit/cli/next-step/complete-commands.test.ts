import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { completingCommands, type SharedOptions } from '../../../../cli/next-step/complete-commands.ts';
import { TailraceError } from '../../../../src/errors.ts';
import { commandStage } from '../../../support/stages/command-stage.ts';

const complete = (text: string, options: SharedOptions = {}) =>
  completingCommands('npx tailrace', options, 'linux')(text);

describe('a command that a text names', () => {
  test('gets the words that started this one, and the options that it was given', () => {
    const options = {
      destination: 'duckdb:shop.duckdb',
      profile: 'me',
      region: 'eu-central-1',
      endpointUrl: 'http://127.0.0.1:8000',
      state: '/var/lib/tailrace',
      json: true,
      debug: true,
    } as const;

    expect(complete('Run `tailrace backfill Orders`, or `tailrace gaps Orders --fill`.', options)).toBe(
      'Run `npx tailrace backfill Orders --destination duckdb:shop.duckdb --profile me --region eu-central-1 --endpoint-url http://127.0.0.1:8000 --state /var/lib/tailrace`, ' +
        'or `npx tailrace gaps Orders --fill --destination duckdb:shop.duckdb --profile me --region eu-central-1 --endpoint-url http://127.0.0.1:8000 --state /var/lib/tailrace`.',
    );
  });

  test.each([
    ['without options', 'Run `tailrace status`.', {}, 'Run `npx tailrace status`.'],
    [
      'at the end of a pipe',
      "`jq 'del(.a)' a.json | tailrace replay Orders --file -`",
      { destination: 'x' },
      "`jq 'del(.a)' a.json | npx tailrace replay Orders --file - --destination x`",
    ],
    [
      'that has the option already',
      '`tailrace status --destination duckdb:other.duckdb --state=b`',
      { destination: 'duckdb:shop.duckdb', state: 'a' },
      '`npx tailrace status --destination duckdb:other.duckdb --state=b`',
    ],
  ])('%s', (_, text, options, expected) => {
    expect(complete(text, options)).toBe(expected);
  });

  test.each([
    [['remove', 'Orders'], 'npx tailrace remove Orders --yes'],
    [['query', "SELECT 'a' FROM `t`", '--json'], `npx tailrace query 'SELECT '\\''a'\\'' FROM \`t\`' --json --yes`],
    [['query', '--', '-- a'], "npx tailrace query --yes -- '-- a'"],
    [['remove', 'Orders', '--endpoint-url=http://me:secret@host/'], 'npx tailrace remove Orders '],
  ])('can be the one that runs, with one option more: %j', (args, expected) => {
    const endpointUrl = 'http://me:secret@host/';
    const text = completingCommands(
      'npx tailrace',
      { endpointUrl, state: 'a' },
      'linux',
      args,
    )('Run `tailrace … --yes`.');

    expect(text).toContain(`Run \`${expected}`);
    expect(text).toMatch(/ --yes(`\.$| -- )/);
    expect(text).not.toContain('secret');
  });

  test.each(['Tailrace reads it.', 'See `--help`, tailrace status.', '`a` tailrace `b`', 'the file `tailrace.json`'])(
    'is not found in %s',
    (text) => {
      expect(complete(text, { destination: 'x' })).toBe(text);
    },
  );

  test.each([
    'duckdb:my shop.duckdb',
    "duckdb:it's.duckdb",
    'duckdb:$HOME/`id`.duckdb',
    'duckdb:two\nlines\\and\ttab.duckdb',
    '-',
    '',
    '*',
    '~/x',
    'a;b&c|d>e(f)',
  ])('carries the value %j through a shell', (value) => {
    const text = complete('`tailrace status`', { state: value });
    const command = text.slice(1, -1).replace('npx tailrace status', 'printf "<%s>"');

    expect(text).not.toContain('\n');
    expect(execFileSync('bash', ['-c', command], { encoding: 'utf8' })).toBe(`<--state><${value}>`);
  });

  test('quotes for the shells of Windows there', () => {
    const state = { state: 'C:\\my state' };

    expect(completingCommands('tailrace', state, 'win32')('`tailrace status`')).toBe(
      '`tailrace status --state "C:\\my state"`',
    );
  });

  test.each([
    ['http://me:secret@127.0.0.1:8000/', "'http://***@127.0.0.1:8000/'"],
    ['https://proxy.example/db?token=secret#secret', "'https://proxy.example/db?***'"],
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
  ])('never shows a password or a token of the endpoint %s', (endpointUrl, shown) => {
    expect(complete('`tailrace status`', { endpointUrl })).toBe(`\`npx tailrace status --endpoint-url ${shown}\``);
  });
});

describe('a command', () => {
  const failing = () =>
    commandStage({
      launcher: 'node bin/tailrace.js',
      tables: {
        describe: () => Promise.reject(new TailraceError('stream-missing', 'Table Orders has no stream')),
      },
    });
  const NEXT =
    '`node bin/tailrace.js setup Orders --enable-stream --destination duckdb:test.duckdb --endpoint-url http://127.0.0.1:1`';

  test.each([false, true])('that fails names the next one whole (json %s)', async (json) => {
    const stage = failing();

    await stage.tailrace(
      ...['setup', 'Orders', '--destination', 'duckdb:test.duckdb', '--endpoint-url', 'http://127.0.0.1:1'],
      ...(json ? ['--json'] : []),
    );

    expect(stage.stderr.text).toContain(NEXT);
  });

  test('leaves data alone that looks like a command', async () => {
    const text = 'Run `tailrace status`.';
    const stage = commandStage({ destination: { query: async () => ({ columns: ['text'], rows: [[text]] }) } });

    await stage.tailrace('query', 'SELECT 1', '--destination', 'duckdb:test.duckdb');

    expect(stage.stdout.text).toContain(text);
  });
});

// A command that a message names is read by nothing but this test, until someone pastes it.
test('every command that a text of the product names exists, with its options', async () => {
  const root = new URL('../../../../', import.meta.url);
  const commands = new Set<string>();
  for await (const path of glob(['src/**/*.ts', 'cli/**/*.ts', 'backfill/**/*.ts'], { cwd: root })) {
    const source = readFileSync(new URL(path, root), 'utf8').replaceAll(/^\s*(\/\*\*|\*|\/\/|\.option\().*$/gm, '');
    for (const [, , command = ''] of source.matchAll(/\\?`((?:[^`\n]*\| )?)tailrace ([a-z][^`\n]*?)\\?`/g)) {
      commands.add(command);
    }
  }

  expect(commands.size).toBeGreaterThan(30);
  for (const command of commands) {
    const words = command
      .replaceAll(/'[^']*'/g, 'SELECT')
      .replaceAll(/\$\{bucketOption\([^}]*\}|\$\{boundsOf[^}]*\}/g, '')
      .replaceAll(/\$\{[^}]*\}/g, 'TABLE')
      .split(' ');
    const stage = commandStage();
    await stage.tailrace(...words, '--destination', 'duckdb:test.duckdb');
    expect(stage.stderr.text, command).not.toMatch(/Unknown|Missing required|Too many|argument missing/);
  }
});

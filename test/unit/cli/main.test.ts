import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TailraceError } from '../../../src/errors.ts';
import { commandStage } from '../../support/stages/command-stage.ts';

const DESTINATION = ['--destination', 'duckdb:test.duckdb'];

describe('tailrace', () => {
  test.each([
    [
      'an unknown command',
      ['tial'],
      /^tailrace: Unknown command 'tial' \(Did you mean tail\?\)\. See `tailrace help`\.$/,
    ],
    [
      "a group's command without its group",
      ['rollback', 'Orders'],
      /^tailrace: Unknown command 'rollback' \(Did you mean snapshots rollback\?\)\. See `tailrace help`\.$/,
    ],
    [
      "a command that two groups have, without either's name",
      ['list', 'Orders'],
      /^tailrace: Unknown command 'list' \(Did you mean dead-letters list or snapshots list\?\)/,
    ],
    [
      'a length of time that is none',
      ['verify', 'Orders', '--max-lag', 'soon'],
      /--max-lag <duration>' argument 'soon' is invalid\. It is not a length of time, such as 90s, 5m or 2h\./,
    ],
    ['a lag that is too long', ['gaps', 'Orders', '--max-lag', '2d'], /It is longer than 86400 seconds\./],
    ['an unknown group', ['snapshot', 'list'], /^tailrace: Unknown command 'snapshot' \(Did you mean snapshots\?\)/],
    ['an unknown command of a group', ['snapshots', 'lst'], /^tailrace: Unknown command 'lst' \(Did you mean list\?\)/],
    [
      'a wish for help with an unknown command',
      ['help', 'tial'],
      /^tailrace: Unknown command 'tial' \(Did you mean tail\?\)/,
    ],
    [
      'an unknown option',
      ['query', 'SELECT 1', '--jsn'],
      /^tailrace: Unknown option '--jsn' \(Did you mean --json\?\)/,
    ],
    ['a missing argument', ['tail'], /^tailrace: Missing required argument 'table'\. See `tailrace help tail`\.$/],
    [
      'a missing argument of a command in a group',
      ['snapshots', 'drop'],
      /^tailrace: Missing required argument 'table'\. See `tailrace help snapshots drop`\.$/,
    ],
    ['a missing option', ['replay', 'Orders'], /^tailrace: No input is named\. Give one of --shard, /],
    [
      'too many arguments',
      ['status', 'Orders', 'Users'],
      /^tailrace: Too many arguments for 'status'.*`tailrace help status`/,
    ],
    [
      'a statement without quotes',
      ['query', 'SELECT', '1'],
      /^tailrace: The statement came in 2 arguments\. Put it in quotes, as in `tailrace query "SELECT 1"`\.$/,
    ],
    [
      'no destination',
      ['query', 'SELECT 1'],
      /^tailrace: No destination is named\. Give --destination duckdb:PATH or bigquery:PROJECT\.DATASET, or set TAILRACE_DESTINATION\.$/,
    ],
    [
      'no table name',
      ['tail', 'arn:aws:x', ...DESTINATION],
      /^tailrace: "arn:aws:x" is not the name of a DynamoDB table/,
    ],
    ['a directory as a table', ['tail', '..', ...DESTINATION], /^tailrace: "\.\." is not the name of a DynamoDB table/],
  ])('answers %s with one line, and exit code 2', async (_, args, line) => {
    const stage = commandStage();

    expect(await stage.tailrace(...args)).toBe(2);

    expect(stage.stderr.lines).toEqual([expect.stringMatching(line)]);
    expect(stage.stdout.text).toBe('');
  });

  test.each([
    ['before', ['--destination', 'duckdb:given.duckdb', '--json', 'query', 'SELECT 1']],
    ['after', ['query', 'SELECT 1', '--json', '--destination', 'duckdb:given.duckdb']],
  ])('takes the options of every command %s the command', async (_, args) => {
    const stage = commandStage({ destination: { query: async () => ({ columns: ['n'], rows: [[1]] }) } });

    expect(await stage.tailrace(...args)).toBe(0);

    expect(stage.stdout.lines).toEqual(['{"n":1}']);
    expect(stage.doings[0]).toBe('open duckdb:given.duckdb');
  });

  test.each([
    ['after', ['query', 'SELECT 1', ...DESTINATION]],
    ['before', [...DESTINATION, 'query', 'SELECT 1']],
    [
      'before, one of them with the name of a command as its value,',
      ['--profile', 'tail', ...DESTINATION, 'query', 'SELECT 1'],
    ],
  ])('takes the destination %s the command', async (_, args) => {
    const stage = commandStage({ destination: { query: async () => ({ columns: [], rows: [] }) } });

    await stage.tailrace(...args);

    expect(stage.doings[0]).toBe('open duckdb:test.duckdb');
  });

  test('takes the destination from its option, else from the environment', async () => {
    const props = {
      destination: { query: async () => ({ columns: [], rows: [] }) },
      env: { TAILRACE_DESTINATION: 'duckdb:environment.duckdb' },
    };
    const fromEnvironment = commandStage(props);
    const fromOption = commandStage(props);

    await fromEnvironment.tailrace('query', 'SELECT 1');
    await fromOption.tailrace('query', 'SELECT 1', ...DESTINATION);

    expect([fromEnvironment.doings[0], fromOption.doings[0]]).toEqual([
      'open duckdb:environment.duckdb',
      'open duckdb:test.duckdb',
    ]);
  });

  describe('that uses state', () => {
    const list = async (stateHome: string, ...options: string[]) => {
      const stage = commandStage({ stateHome });
      await stage.tailrace('dead-letters', 'list', 'Orders', ...options);
      return { stdout: stage.stdout.text, notes: stage.stderr.lines };
    };

    test('says where it is, once, if that is not the current directory', async () => {
      const { stdout, notes } = await list('../../.tailrace');

      expect(stdout).toContain('0 dead letters of Orders in ../../.tailrace/Orders/dead-letters.');
      expect(notes).toEqual([`State is stored in ${resolve('../../.tailrace')}.`]);
    });

    test.each([
      ['it is in the current directory', '.tailrace', []],
      ['it is given', '../../.tailrace', ['--state', 'given']],
    ])('says nothing of its place if %s', async (_, stateHome, options) => {
      expect((await list(stateHome, ...options)).notes).toEqual([]);
    });
  });

  test('that uses no state says nothing of it', async () => {
    const stage = commandStage({
      stateHome: '../.tailrace',
      destination: { query: async () => ({ columns: [], rows: [] }) },
    });

    await stage.tailrace('query', 'SELECT 1', ...DESTINATION);

    expect(stage.stderr.text).toBe('');
  });

  describe('when a command fails', () => {
    const failure = new TailraceError('source-denied', 'DescribeTable is not allowed', {
      context: { table: 'Orders' },
      cause: new Error('the cause'),
    });
    const failing = () => commandStage({ tables: { describe: () => Promise.reject(failure) } });

    test('reports it in one line, and ends with 2', async () => {
      const stage = failing();

      expect(await stage.tailrace('setup', 'Orders', ...DESTINATION)).toBe(2);

      expect(stage.stderr.lines).toEqual([
        'tailrace: DescribeTable is not allowed (table Orders). Give credentials (--profile, AWS_PROFILE) that may do this.',
      ]);
      expect(stage.doings).toEqual(['connect {}', 'disconnect']);
    });

    test('gives a script one object instead', async () => {
      const stage = failing();

      await stage.tailrace('setup', 'Orders', '--json', ...DESTINATION);

      expect(stage.stderr.lines.map((line) => JSON.parse(line))).toEqual([
        {
          error: 'source-denied',
          message: 'DescribeTable is not allowed',
          context: { table: 'Orders' },
          remedy: 'Give credentials (--profile, AWS_PROFILE) that may do this.',
        },
      ]);
      expect(stage.stdout.text).toBe('');
    });

    test('shows stack and cause only with --debug', async () => {
      const stage = failing();

      await stage.tailrace('setup', 'Orders', '--debug', ...DESTINATION);

      expect(stage.stderr.text).toMatch(/\n {4}at /);
      expect(stage.stderr.text).toContain('the cause');
    });

    test('hides the message of an unexpected error, which may quote a value', async () => {
      const stage = commandStage({ tables: { describe: () => Promise.reject(new Error('planted')) } });

      expect(await stage.tailrace('setup', 'Orders', ...DESTINATION)).toBe(2);

      expect(stage.stderr.lines).toEqual([expect.stringMatching(/^tailrace: Unexpected failure: Error\./)]);
    });
  });

  test.each([['setup'], ['backfill'], ['tail'], ['replay'], ['verify'], ['query'], ['status']])(
    'explains %s with an example, and ends with 0',
    async (command) => {
      const stage = commandStage();

      expect(await stage.tailrace(command, '--help')).toBe(0);

      expect(stage.stdout.text).toMatch(new RegExp(`^Usage: tailrace ${command} `));
      expect(stage.stdout.text).toMatch(/\nExamples?:\n {2}\$ .*tailrace /);
      expect(stage.stdout.text).toContain('--endpoint-url <url>');
      expect(stage.stderr.text).toBe('');
    },
  );

  test.each([
    [['-h'], 'tailrace [options] [command]'],
    [['help'], 'tailrace [options] [command]'],
    [['query', '-h'], 'tailrace query [options] <sql>'],
    [['help', 'query'], 'tailrace query [options] <sql>'],
    [['--help', 'query'], 'tailrace query [options] <sql>'],
    [['help', 'snapshots', 'list'], 'tailrace snapshots list [options] <table>'],
    [['snapshots', 'help', 'list'], 'tailrace snapshots list [options] <table>'],
  ])('prints help for %j, and ends with 0', async (args, usage) => {
    const stage = commandStage();

    expect(await stage.tailrace(...args)).toBe(0);

    expect(stage.stdout.lines[0]).toBe(`Usage: ${usage}`);
    expect(stage.stderr.text).toBe('');
  });

  test.each([[['-v']], [['--version']], [['query', '-v']]])('prints its version for %j', async (args) => {
    const stage = commandStage();

    expect(await stage.tailrace(...args)).toBe(0);

    expect(stage.stdout.text).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('without a command shows its help on stderr, and ends with 2', async () => {
    const stage = commandStage();

    expect(await stage.tailrace()).toBe(2);

    expect(stage.stderr.lines[0]).toBe('Usage: tailrace [options] [command]');
    expect(stage.stdout.text).toBe('');
  });
});

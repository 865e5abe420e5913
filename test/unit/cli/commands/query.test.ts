import { describe, expect, test } from 'vitest';
import { query } from '../../../../cli/commands/query.ts';
import { TailraceError } from '../../../../src/errors.ts';
import { commandStage, INVOCATION } from '../../../support/stages/command-stage.ts';

const OPTIONS = { ...INVOCATION, sql: 'SELECT 1', write: false, csv: false };

describe('query', () => {
  test('prints a table', async () => {
    const stage = commandStage({ destination: { query: async () => ({ columns: ['n'], rows: [[1]] }) } });

    expect(await query(OPTIONS, stage.dependencies, stage.output())).toBe(0);

    expect(stage.stdout.lines).toEqual(['┌───┐', '│ n │', '├───┤', '│ 1 │', '└───┘']);
    expect(stage.doings).toEqual(['open duckdb:test.duckdb', 'close']);
  });

  test('reads only, unless --write is given', async () => {
    const called: string[] = [];
    const answer = (name: string) => async () => {
      called.push(name);
      return { columns: [], rows: [] };
    };
    const stage = commandStage({ destination: { query: answer('query'), execute: answer('execute') } });

    await stage.tailrace('query', 'DROP VIEW x', '--destination', 'duckdb:x.duckdb');
    await stage.tailrace('query', 'DROP VIEW x', '--write', '--destination', 'duckdb:x.duckdb');

    expect(called).toEqual(['query', 'execute']);
  });

  test('names the command that runs a statement that writes, ready to paste', async () => {
    const stage = commandStage({
      launcher: 'npx tailrace',
      destination: { query: () => Promise.reject(new TailraceError('query-writes', 'It writes')) },
    });

    await stage.tailrace('query', 'DROP VIEW "x"\n', '--json', '--destination', 'duckdb:x.duckdb');

    const { remedy } = JSON.parse(stage.stderr.text);
    expect(remedy).toBe(
      'If it may write, run `npx tailrace query $\'DROP VIEW "x"\\012\' --json --destination duckdb:x.duckdb --write`.',
    );
  });

  test('opens the destination with the cap that is given, and names the command with a higher one', async () => {
    const stage = commandStage({
      launcher: 'npx tailrace',
      destination: {
        query: () =>
          Promise.reject(
            new TailraceError('query-cap-reached', 'Too much', { remedy: 'Run `tailrace … --max-bytes-billed 2TiB`.' }),
          ),
      },
    });

    const args = ['query', 'SELECT 1', '--max-bytes-billed', '500 GB', '--destination', 'bigquery:p.d'];
    expect(await stage.tailrace(...args)).toBe(2);

    expect(stage.doings).toEqual(['open bigquery:p.d for 500000000000 bytes', 'close']);
    expect(stage.stderr.text).toContain(
      "Run `npx tailrace query 'SELECT 1' --max-bytes-billed '500 GB' --destination bigquery:p.d --max-bytes-billed 2TiB`.",
    );
  });

  test.for(['0', '9MB', 'much', '-1', ''])('refuses --max-bytes-billed %j before it opens anything', async (text) => {
    const stage = commandStage();

    const args = ['query', 'SELECT 1', `--max-bytes-billed=${text}`, '--destination', 'bigquery:p.d'];
    expect(await stage.tailrace(...args)).toBe(2);

    expect(stage.stderr.text).toContain(`--max-bytes-billed "${text}" is not a number of bytes such as 500GB or 1TiB`);
  });

  test('prints CSV with --csv, and the whole of it on a terminal, too', async () => {
    const item = { note: 'x'.repeat(200) };
    const stage = commandStage({
      width: 80,
      destination: { query: async () => ({ columns: ['key', 'item'], rows: [['a', item]] }) },
    });

    expect(await stage.tailrace('query', 'SELECT …', '--csv', '--destination', 'duckdb:x.duckdb')).toBe(0);

    expect(stage.stdout.text).toBe(`key,item\r\na,"{""note"":""${'x'.repeat(200)}""}"\r\n`);
    expect(stage.stderr.text).toBe('');
  });

  test('refuses --csv with --json before it opens anything', async () => {
    const stage = commandStage();

    expect(await stage.tailrace('query', 'SELECT 1', '--csv', '--json', '--destination', 'duckdb:x.duckdb')).toBe(2);

    expect(stage.doings).toEqual([]);
  });

  test('fits the terminal, and notes what gives all where it cuts; elsewhere it cuts nothing', async () => {
    const item = { note: 'x'.repeat(200) };
    for (const width of [80, undefined]) {
      const stage = commandStage({
        width,
        destination: { query: async () => ({ columns: ['item'], rows: [[item]] }) },
      });

      await query(OPTIONS, stage.dependencies, stage.output());

      expect(stage.stdout.text.includes(JSON.stringify(item))).toBe(width === undefined);
      expect(Math.max(...stage.stdout.lines.map((line) => line.length))).toBe(width ?? 215);
      expect(stage.stderr.text).toBe(
        width === undefined
          ? ''
          : 'JSON is cut where … stands, to fit the terminal: --json or --csv gives all of it.\n',
      );
    }
  });

  test('prints nothing for a statement without a result', async () => {
    const stage = commandStage({ destination: { query: async () => ({ columns: [], rows: [] }) } });

    await query(OPTIONS, stage.dependencies, stage.output());

    expect(stage.stdout.text).toBe('');
  });

  test('with --json gives one object per row, JSON columns nested', async () => {
    const rows = [
      ['a', { tags: ['x'], n: '12345678901234567890' }],
      ['b', null],
    ] as const;
    const stage = commandStage({ destination: { query: async () => ({ columns: ['key', 'item'], rows }) } });

    await query(OPTIONS, stage.dependencies, stage.output(true));

    expect(stage.stdout.lines).toEqual([
      '{"key":"a","item":{"tags":["x"],"n":"12345678901234567890"}}',
      '{"key":"b","item":null}',
    ]);
  });

  test('loses no column, whatever the columns are called', async () => {
    const columns = ['a', 'a', 'a_2', '__proto__'];
    const stage = commandStage({ destination: { query: async () => ({ columns, rows: [[1, 2, 3, 4]] }) } });

    await query(OPTIONS, stage.dependencies, stage.output(true));

    expect(stage.stdout.lines).toEqual(['{"a":1,"a_2":2,"a_2_2":3,"__proto__":4}']);
  });

  test('closes the destination when the statement is refused', async () => {
    const refused = new TailraceError('query-invalid', 'Parser Error');
    const stage = commandStage({ destination: { query: () => Promise.reject(refused) } });

    await expect(query(OPTIONS, stage.dependencies, stage.output())).rejects.toBe(refused);

    expect(stage.doings.at(-1)).toBe('close');
  });
});

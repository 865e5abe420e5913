import { describe, expect, test } from 'vitest';
import { query } from '../../../../cli/commands/query.ts';
import type { SqlEstimate } from '../../../../src/destination/sql-runner.ts';
import { TailraceError } from '../../../../src/errors.ts';
import { commandStage, INVOCATION } from '../../../support/stages/command-stage.ts';

const OPTIONS = { ...INVOCATION, sql: 'SELECT 1', write: false, csv: false, dryRun: false };

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

  describe('bills', () => {
    const bill = { bytesProcessed: 2000, bytesBilled: 10485760, isCached: false, dollars: 0.00006 };
    const billed = (changes: object = {}) =>
      commandStage({
        destination: { query: async () => ({ columns: ['n'], rows: [[1]], bill: { ...bill, ...changes } }) },
      });

    test.for([
      ['what was billed', {}, 'Billed: 10 MiB, under $0.01 on demand.'],
      ['dollars', { bytesBilled: 2 ** 40, dollars: 6.25 }, 'Billed: 1 TiB, $6.25 on demand.'],
      [
        'that a cached result is free',
        { bytesBilled: 0, isCached: true },
        'Billed: nothing, as the result was cached.',
      ],
      ['that nothing was billed', { bytesBilled: 0 }, 'Billed: nothing.'],
    ] as const)('has on stderr %s, for a table and for CSV', async ([, changes, line]) => {
      for (const csv of [false, true]) {
        const stage = billed(changes);

        expect(await query({ ...OPTIONS, csv }, stage.dependencies, stage.output())).toBe(0);

        expect(stage.stderr.lines).toEqual([line]);
      }
    });

    test('a script by a closing object', async () => {
      const stage = billed();

      await query(OPTIONS, stage.dependencies, stage.output(true));

      expect(stage.stdout.lines.map((text) => JSON.parse(text))).toEqual([
        { n: 1 },
        { bill: { bytes_processed: 2000, bytes_billed: 10485760, cached: false, dollars: 0.00006 } },
      ]);
      expect(stage.stderr.text).toBe('');
    });
  });

  describe('with --dry-run', () => {
    const ESTIMATE = {
      isFree: false,
      bytesProcessed: 2 * 2 ** 40,
      accuracy: 'at most',
      bytesBilled: 2 * 2 ** 40,
      dollars: 12.5,
      price: { tib: 6.25, locations: ['US', 'EU'], source: 'https://prices.example', asOf: '2026-11-28' },
      location: 'EU',
      maxBytesBilled: 4 * 2 ** 40,
    } as const;
    const stageOf = (estimate: SqlEstimate) => {
      const asked: unknown[] = [];
      const stage = commandStage({
        destination: {
          estimate: async (...args) => {
            asked.push(args);
            return estimate;
          },
        },
      });
      const run = (...more: readonly string[]) =>
        stage.tailrace('query', 'SELECT 1', '--dry-run', '--destination', 'bigquery:p.d', ...more);
      return { ...stage, asked, run };
    };

    test('prints what would be billed, with the price and its source, and runs nothing', async () => {
      const stage = stageOf(ESTIMATE);

      expect(await stage.run()).toBe(0);

      expect(stage.asked).toEqual([['SELECT 1', { write: false }]]);
      expect(stage.stdout.lines).toEqual([
        'Nothing was run. The statement would read 2 TiB at most, and bill 2 TiB: $12.50 on demand.',
        'The estimate stands before clustering, so the bill may be lower.',
        'The price is $6.25 a TiB in the US and EU multi-regions (https://prices.example, looked up on 2026-11-28). ' +
          'The first TiB of a month is free. A project with reserved slots pays for these, and not for bytes.',
      ]);
    });

    test('names another location, whose price may be another', async () => {
      const stage = stageOf({ ...ESTIMATE, location: 'southamerica-east1' });

      await stage.run();

      expect(stage.stdout.text).toContain('The data is in southamerica-east1, where the price may be another.');
    });

    test('finds what is over the cap, and names the cap that suffices', async () => {
      const stage = stageOf({ ...ESTIMATE, maxBytesBilled: 2 ** 40 });

      expect(await stage.run('--write')).toBe(1);

      expect(stage.asked).toEqual([['SELECT 1', { write: true }]]);
      expect(stage.stdout.lines.at(-1)).toBe(
        'It is over the cap of 1 TiB, and would be refused. It runs with --max-bytes-billed 2TiB.',
      );
    });

    test.for([
      [null, 'Nothing was run. The statement would cost nothing: DuckDB bills nothing.'],
      [
        1,
        'Nothing was run. The statement would cost nothing: DuckDB bills nothing. By its plan, its scans give about 1 row.',
      ],
      [
        12_000,
        'Nothing was run. The statement would cost nothing: DuckDB bills nothing. By its plan, its scans give about 12,000 rows.',
      ],
    ] as const)('prints that DuckDB costs nothing, and what it reads: %s', async ([rows, line]) => {
      const stage = stageOf({ isFree: true, rows });

      expect(await stage.run()).toBe(0);

      expect(stage.stdout.lines).toEqual([line]);
    });

    test('gives a script one object', async () => {
      const bigQuery = stageOf(ESTIMATE);
      await bigQuery.run('--json');
      expect(JSON.parse(bigQuery.stdout.text)).toEqual({
        dry_run: true,
        bytes_billed: 2 * 2 ** 40,
        dollars: 12.5,
        bytes_processed: 2 * 2 ** 40,
        accuracy: 'at most',
        dollars_per_tib: 6.25,
        price_locations: ['US', 'EU'],
        price_source: 'https://prices.example',
        price_as_of: '2026-11-28',
        location: 'EU',
        max_bytes_billed: 4 * 2 ** 40,
        over_cap: false,
      });

      const duckDb = stageOf({ isFree: true, rows: 7 });
      await duckDb.run('--json');
      expect(JSON.parse(duckDb.stdout.text)).toEqual({ dry_run: true, bytes_billed: 0, dollars: 0, rows_read: 7 });
    });
  });
});

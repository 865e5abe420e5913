import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exportTable } from '../../../../../cli/commands/export/export.ts';
import type { Destination } from '../../../../../src/destination/destination.ts';
import type { SqlEstimate } from '../../../../../src/destination/sql-runner.ts';
import type { OwnedObject } from '../../../../../src/destination/table-removal.ts';
import { TailraceError } from '../../../../../src/errors.ts';
import type { CellRow } from '../../../../../src/export/export-writer.ts';
import type { RowChoice } from '../../../../../src/views/exported-rows.ts';
import type { ExportedColumn } from '../../../../../src/views/exported-type.ts';
import { hurriedClock } from '../../../../support/clock/simple-clocks.ts';
import { commandStage, INVOCATION, type Props } from '../../../../support/stages/command-stage.ts';
import { sourceTable } from '../../../../support/values/shop.ts';
import { kind } from '../../../../support/vitest/kind.ts';
import { temporaryFolder } from '../../../../support/vitest/temporary-folder.ts';

const COLUMNS: readonly ExportedColumn[] = [
  { name: 'id', type: { scalar: 'STRING' } },
  { name: 'Total', type: { scalar: 'NUMERIC' } },
];
const ROWS: readonly CellRow[] = [
  ['a', '12.5'],
  ['=b', null],
];
const CSV = '"id",Total\r\n"a",12.5\r\n"=b",\r\n';
const VIEWS = ['orders', 'orders_latest', 'orders_state'];
const FREE: SqlEstimate = { isFree: true, rows: 2 };
const PRICED: SqlEstimate = {
  isFree: false,
  bytesProcessed: 20 * 1024 ** 2,
  accuracy: 'at most',
  bytesBilled: 20 * 1024 ** 2,
  dollars: 0.0001,
  price: { tib: 6.25, locations: ['US', 'EU'], source: 'https://cloud.google.com', asOf: '2026-11-28' },
  location: 'EU',
  maxBytesBilled: 2 ** 40,
};

/** A stage with a table, and a folder for files. */
function stage({
  views = VIEWS,
  rows = ROWS,
  estimate = FREE,
  ...props
}: Partial<Props> & {
  readonly views?: readonly string[];
  readonly rows?: readonly CellRow[];
  readonly estimate?: SqlEstimate;
} = {}) {
  const folder = temporaryFolder();
  const choices: RowChoice[] = [];
  const destination: Partial<Destination> = {
    sources: async () => [sourceTable('orders')],
    ownedObjects: async () => ({
      objects: views.map((name): OwnedObject => ({ name, kind: 'view', rows: null })),
      left: [],
      hasLedger: true,
    }),
    viewColumns: async () => COLUMNS,
    estimateExport: async () => estimate,
    async exportRows(choice, writer) {
      choices.push(choice);
      const picked = choice.columns.map((name) => COLUMNS.findIndex((column) => column.name === name));
      async function* pages() {
        yield rows.map((row) => picked.map((index) => row[index] ?? null));
      }
      const columns = picked.flatMap((index) => COLUMNS[index] ?? []);
      return { columns, rows: await writer.writeCells(columns, pages(), rows.length) };
    },
    ...props.destination,
  };
  const made = commandStage({ clock: hurriedClock(), ...props, destination });
  const file = join(folder, 'orders.csv');
  const run = (...args: readonly string[]) =>
    made.tailrace('export', 'orders', '--destination', 'duckdb:x.duckdb', ...args);
  return { ...made, folder, file, choices, run, files: () => readdirSync(folder).sort() };
}

describe('export', () => {
  test('writes the typed view into a file, and nothing else beside it', async () => {
    const { run, file, files, choices, stdout, doings } = stage();

    expect(await run('--out', file)).toBe(0);

    expect(readFileSync(file, 'utf8')).toBe(CSV);
    expect(files()).toEqual(['orders.csv']);
    expect(choices).toEqual([{ view: 'orders', columns: ['id', 'Total'], where: null }]);
    expect(stdout.lines).toEqual([`Exported orders to ${file}: 2 rows, 2 columns, ${CSV.length} bytes.`]);
    expect(doings).toEqual(['open duckdb:x.duckdb', 'close']);
  });

  test('with --json gives one object', async () => {
    const { run, file, stdout } = stage();

    expect(await run('--out', file, '--json')).toBe(0);

    expect(JSON.parse(stdout.text)).toEqual({
      table: 'orders',
      destination: 'duckdb:x.duckdb',
      view: 'orders',
      format: 'csv',
      file,
      rows: 2,
      bytes: CSV.length,
      columns: [
        { name: 'id', type: 'STRING' },
        { name: 'Total', type: 'NUMERIC' },
      ],
    });
  });

  test('to standard output gives the data alone, and the summary on stderr', async () => {
    const { run, stdout, stderr, folder } = stage();

    expect(await run('--out', '-', '--format', 'csv', '--json')).toBe(0);

    expect(stdout.text).toBe(CSV);
    expect(JSON.parse(stderr.lines.at(-1) ?? '')).toMatchObject({ rows: 2, file: null });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('ends quietly where the reader leaves', async () => {
    const { dependencies, output, stdout, stderr } = stage();
    const left = { ...output(), closed: AbortSignal.abort('EPIPE') };

    const options = { ...INVOCATION, table: 'orders', out: '-', format: 'csv' } as const;
    expect(await exportTable(options, dependencies, left)).toBe(0);

    expect(stderr.lines).toEqual([]);
    expect(stdout.text).toBe(CSV);
  });

  test('has the columns that are named, in any case, in their order, and a condition', async () => {
    const { run, file, choices } = stage();

    expect(await run('--out', file, '--columns', 'TOTAL, id', '--where', 'total > 1')).toBe(0);

    expect(choices).toEqual([{ view: 'orders', columns: ['Total', 'id'], where: 'total > 1' }]);
    expect(readFileSync(file, 'utf8')).toBe('Total,"id"\r\n12.5,"a"\r\n,"=b"\r\n');
  });

  test.for([
    ['nothing,id', 'orders has no column "nothing". Its columns are id, Total.'],
    ['totl', 'orders has no column "totl". Did you mean Total? Its columns are id, Total.'],
    ['id,ID', 'Column id is named twice. Name each column once in --columns.'],
    ['', 'orders has no column "". Its columns are id, Total.'],
  ])('refuses --columns %j', async ([columns = '', message]) => {
    const { run, file, files, stderr } = stage();

    expect(await run('--out', file, '--columns', columns)).toBe(2);

    expect(stderr.lines).toEqual([`tailrace: ${message}`]);
    expect(files()).toEqual([]);
  });

  test.for([
    [VIEWS, [], 'orders'],
    [VIEWS, ['--view', 'ORDERS_latest'], 'orders_latest'],
    [['orders_latest', 'orders_state'], [], 'orders_latest'],
    [['customers', ...VIEWS], [], 'orders'],
    [['customers', ...VIEWS], ['--view', 'customers'], 'customers'],
  ] as const)('of the views %j exports with %j: %s', async ([views, args, view]) => {
    const { run, file, choices } = stage({ views });

    expect(await run('--out', file, ...args)).toBe(0);

    expect(choices.map((choice) => choice.view)).toEqual([view]);
  });

  test.for([
    [
      VIEWS,
      ['--view', 'orders_latst'],
      'orders has no view "orders_latst". Did you mean orders_latest? Its views are orders, orders_latest.',
    ],
    [VIEWS, ['--view', 'orders_state'], 'orders has no view "orders_state". Its views are orders, orders_latest.'],
    [
      ['orders_latest', 'carts', 'customers'],
      [],
      'orders has several views: carts, customers, orders_latest. Name one: run `tailrace export orders --destination duckdb:x.duckdb --out FILE --view carts`.',
    ],
    [[], [], 'There is no view of orders. Run `tailrace setup orders --destination duckdb:x.duckdb`.'],
  ] as const)('of the views %j refuses %j', async ([views, args, message]) => {
    const { run, file, files, stderr } = stage({ views });

    expect(await run('--out', file, ...args)).toBe(2);

    expect(stderr.text.trimEnd().replaceAll(file, 'FILE')).toBe(`tailrace: ${message}`);
    expect(files()).toEqual([]);
  });

  test('of a table that was never set up says what the other commands say', async () => {
    const { tailrace, file, stderr } = stage();

    expect(await tailrace('export', 'ordrs', '--out', file, '--destination', 'duckdb:x.duckdb')).toBe(2);

    expect(stderr.text).toContain('tailrace: Nothing of table ordrs is in duckdb:x.duckdb. Did you mean orders?');
  });
});

describe('the format of an export', () => {
  test.for([
    ['x.csv', [], '"id"'],
    ['x.NDJSON', [], '{"id"'],
    ['x.jsonl', [], '{"id"'],
    ['x.parquet', [], 'PAR1'],
    ['x.csv', ['--format', 'ndjson'], '{"id"'],
    ['x', ['--format', 'csv', '--null', 'NULL', '--spreadsheet-safe'], '"id",Total\r\n"a",12.5\r\n"\'=b",NULL\r\n'],
  ] as const)('is told by the name %s and the options %j', async ([name, args, beginning]) => {
    const { run, folder } = stage();

    expect(await run('--out', join(folder, name), ...args)).toBe(0);

    expect(readFileSync(join(folder, name), 'latin1').startsWith(beginning)).toBe(true);
  });

  test.for([
    ['x', [], "doesn't tell the format"],
    ['x.parquet', ['--null', 'x'], '--null is about CSV, and the format is parquet'],
    ['x.ndjson', ['--spreadsheet-safe'], '--spreadsheet-safe is about CSV'],
    ['x.csv', ['--null', 'a,b'], '--null must have no comma'],
    ['x.csv', ['--format', 'xlsx'], 'Allowed choices are csv, ndjson, parquet'],
  ] as const)('of the name %s with %j is refused', async ([name, args, message]) => {
    const { run, folder, files, stderr, doings } = stage();

    expect(await run('--out', join(folder, name), ...args)).toBe(2);

    expect(stderr.text).toContain(message);
    expect(files()).toEqual([]);
    expect(doings).toEqual([]);
  });

  test('is not Parquet on a terminal', async () => {
    const { run, stderr } = stage({ width: 80 });

    expect(await run('--out', '-', '--format', 'parquet')).toBe(2);

    expect(stderr.text).toContain('Parquet is not for a terminal');
  });
});

describe('the file of an export', () => {
  test('is not replaced where nobody can be asked', async () => {
    const { run, file, stderr } = stage();
    writeFileSync(file, 'mine');

    expect(await run('--out', file)).toBe(2);

    expect(stderr.text.replaceAll(file, 'FILE')).toContain(
      'tailrace: FILE exists. Run `tailrace export orders --destination duckdb:x.duckdb --out FILE --force` to replace it',
    );
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test.for([
    [true, 0, CSV],
    [false, 1, 'mine'],
  ] as const)('is replaced if a person says so: %s', async ([answer, code, text]) => {
    const { run, file, files } = stage({ answer });
    writeFileSync(file, 'mine');

    expect(await run('--out', file)).toBe(code);

    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(files()).toEqual(['orders.csv']);
  });

  test('is replaced through a link, which stays', async () => {
    const { run, file, folder } = stage();
    writeFileSync(join(folder, 'real'), 'mine');
    symlinkSync('real', file);

    expect(await run('--out', file, '--force')).toBe(0);

    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe(CSV);
  });

  test('stays as it was, and nothing is left, where the export fails', async () => {
    const exportRows = async () => {
      throw new TailraceError('destination-unavailable', 'Gone');
    };
    const { run, file, files } = stage({ destination: { exportRows } });
    writeFileSync(file, 'mine');

    expect(await run('--out', file, '--force')).toBe(2);

    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(files()).toEqual(['orders.csv']);
  });

  test.for([
    ['a directory', (folder: string) => folder, 'is a directory'],
    ['a device', () => '/dev/null', 'is a pipe, a socket or a device. Give --out -'],
    [
      'in a folder that is not there',
      (folder: string) => join(folder, 'none', 'x.csv'),
      'there is no such file or directory',
    ],
    ['below a file', (folder: string) => join(folder, 'file', 'x.csv'), 'a part of its path is a file'],
  ] as const)('is refused by name before anything is read: %s', async ([, path, message]) => {
    const { run, folder, files, stderr, doings } = stage();
    writeFileSync(join(folder, 'file'), '');

    expect(await run('--out', path(folder), '--format', 'csv')).toBe(2);

    expect(stderr.text).toContain(message);
    expect(doings).toEqual([]);
    expect(files()).toEqual(['file']);
  });

  test.for<[string, (folder: string) => string]>([
    ['by its path', (folder) => join(folder, 'shop.csv')],
    ['by another spelling', (folder) => `${folder}/./real/../shop.csv`],
    ['by a path from here', (folder) => relative('.', join(folder, 'shop.csv'))],
    ['by a link to it', (folder) => join(folder, 'link.csv')],
    ['by a linked folder', (folder) => join(folder, 'linked', 'shop.csv')],
    ['by its log', (folder) => join(folder, 'shop.csv.wal')],
    ['by the log of the file behind the link', (folder) => join(folder, 'real', 'shop.csv.wal')],
  ])("is never the destination's own, not even by force: %s", async ([, path]) => {
    const { tailrace, folder, stderr, doings } = stage();
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'shop.csv'), 'a database');
    symlinkSync(join('real', 'shop.csv'), join(folder, 'shop.csv'));
    symlinkSync('shop.csv', join(folder, 'link.csv'));
    symlinkSync('.', join(folder, 'linked'));
    const destination = `duckdb:${join(folder, 'shop.csv')}`;
    const out = path(folder);

    expect(
      await tailrace('export', 'orders', '--out', out, '--format', 'csv', '--force', '--destination', destination),
    ).toBe(2);

    expect(stderr.lines).toEqual([
      `tailrace: ${out} belongs to the destination ${destination}. Name another file with --out.`,
    ]);
    expect(doings).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['link.csv', 'linked', 'real', 'shop.csv']);
    expect(readdirSync(join(folder, 'real'))).toEqual(['shop.csv']);
    expect(readFileSync(join(folder, 'shop.csv'), 'utf8')).toBe('a database');
  });

  test('may lie beside the destination', async () => {
    const { tailrace, folder, file } = stage();
    writeFileSync(join(folder, 'shop.duckdb'), 'a database');

    const destination = `duckdb:${join(folder, 'shop.duckdb')}`;
    expect(await tailrace('export', 'orders', '--out', file, '--destination', destination)).toBe(0);

    expect(readFileSync(file, 'utf8')).toBe(CSV);
  });

  test('is not begun where an interruption came before', async () => {
    const { dependencies, output, file, folder } = stage({ signal: AbortSignal.abort() });

    const attempt = exportTable({ ...INVOCATION, table: 'orders', out: file }, dependencies, output());

    await expect(attempt).rejects.toMatchObject(kind('interrupted'));
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('what an export bills', () => {
  const bill = { bytesProcessed: 1, bytesBilled: 20 * 1024 ** 2, isCached: false, dollars: 0.0001 };

  test('is estimated before, and said after', async () => {
    const exportRows = async () => ({ columns: COLUMNS, rows: 0, bill });
    const { run, folder, stderr } = stage({
      estimate: PRICED,
      destination: {
        async exportRows(_choice, writer) {
          async function* pages() {
            yield [];
          }
          await writer.writeCells(COLUMNS, pages(), 0);
          return exportRows();
        },
      },
    });

    expect(await run('--out', join(folder, 'x.csv'))).toBe(0);

    expect(stderr.lines).toEqual([
      'It bills 20 MiB at most: under $0.01 on demand.',
      'Billed: 20 MiB, under $0.01 on demand.',
    ]);
  });

  test.for([
    [FREE, 0, 'The statement would cost nothing'],
    [PRICED, 0, 'bill 20 MiB: under $0.01 on demand'],
    [{ ...PRICED, maxBytesBilled: 1 }, 1, 'It is over the cap'],
  ] as const)('is all that --dry-run prints, and no file is looked for', async ([estimate, code, text]) => {
    const { run, file, stdout, choices } = stage({ estimate });
    writeFileSync(file, 'mine');

    expect(await run('--out', file, '--dry-run')).toBe(code);

    expect(stdout.text).toContain(text);
    expect(choices).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

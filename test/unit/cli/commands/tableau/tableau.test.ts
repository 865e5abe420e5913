import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandStage } from '../../../../support/stages/command-stage.ts';
import { ORDERS } from '../../../../support/stream/record.ts';
import { STORAGE } from '../../../../support/values/shop.ts';
import { temporaryFolder } from '../../../../support/vitest/temporary-folder.ts';

const SCHEMA = JSON.stringify({
  columns: [
    { name: 'total', type: 'NUMERIC', description: 'In EUR.' },
    { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  ],
  views: [
    {
      name: 'Orders_lines',
      unnest: 'lines',
      columns: [{ name: 'sku', type: 'STRING', path: ['lines', { each: true }, 'sku'] }],
    },
  ],
});
const BIGQUERY = ['--destination', 'bigquery:my-project.shop'];

function stageOf(schema = SCHEMA) {
  const folder = temporaryFolder();
  const stage = commandStage({
    files: { 'schemas/Orders.json': schema },
    destination: {
      known: async () => ({
        source: ORDERS,
        seen: { createdAt: null, streams: [], keys: [{ name: 'id', type: 'S' }] },
        changelog: STORAGE,
      }),
    },
  });
  const tableau = (...args: readonly string[]) => stage.tailrace('tableau', 'Orders', ...args);
  return { ...stage, folder, tableau };
}

describe('tableau', () => {
  test('writes a data source for each typed view into a directory, which it makes', async () => {
    const { folder, tableau, stdout, stderr } = stageOf();
    const out = join(folder, 'new', 'tableau');

    expect(await tableau('--out', out, ...BIGQUERY)).toBe(0);

    expect(await readdir(out)).toEqual(['Orders.tds', 'Orders_lines.tds']);
    expect(await readFile(join(out, 'Orders.tds'), 'utf8')).toContain("table='[my-project.shop].[Orders]'");
    expect(await readFile(join(out, 'Orders.tds'), 'utf8')).toContain("name='[id]'");
    expect(await readFile(join(out, 'Orders_lines.tds'), 'utf8')).toContain("name='[index]'");
    expect(stdout.lines).toEqual([
      `${join(out, 'Orders.tds')} was created: the view Orders.`,
      `${join(out, 'Orders_lines.tds')} was created: the view Orders_lines.`,
    ]);
    expect(stderr.text).toBe('Orders: tags is a list, which no field of Tableau can be, and is hidden.\n');
  });

  test('prints one view on stdout, and nothing else there', async () => {
    const { tableau, stdout } = stageOf();

    expect(await tableau('--out', '-', '--view', 'orders', ...BIGQUERY)).toBe(0);

    expect(stdout.text).toMatch(/^<\?xml [\s\S]*<\/datasource>\n$/);
  });

  test('gives a script an object for each file', async () => {
    const { folder, tableau, stdout } = stageOf();
    const file = join(folder, 'orders.tds');

    expect(await tableau('--out', file, '--view', 'Orders', '--json', ...BIGQUERY)).toBe(0);

    expect(JSON.parse(stdout.text)).toEqual({ view: 'Orders', file, action: 'created' });
  });

  test("never replaces the destination's own file, nor writes below it", async () => {
    const { folder, tableau, stderr } = stageOf();
    for (const name of ['shop.tds', 'shop.duckdb']) {
      const file = join(folder, name);
      await writeFile(file, 'a database');
      const args = ['--out', file, '--view', 'Orders', '--extract', 'a.hyper', '--force'];

      expect(await tableau(...args, '--destination', `duckdb:${file}`)).toBe(2);

      expect(await readFile(file, 'utf8')).toBe('a database');
    }
    expect(stderr.lines).toEqual([
      expect.stringMatching(/shop\.tds belongs to the destination duckdb:.*shop\.tds\. Name another file/),
      expect.stringMatching(/shop\.duckdb.* can't be written: /),
    ]);
    expect((await readdir(folder)).sort()).toEqual(['shop.duckdb', 'shop.tds']);
  });

  test('leaves a file that a person changed as it is, unless it is forced', async () => {
    const { folder, tableau, stdout, stderr } = stageOf();
    const file = join(folder, 'orders.tds');
    const args = ['--out', file, '--view', 'Orders', ...BIGQUERY];

    expect(await tableau(...args)).toBe(0);
    expect(await tableau(...args)).toBe(0);
    expect(stdout.lines.at(-1)).toBe(`${file} was right already: the view Orders.`);
    await writeFile(file, 'saved by a person');
    expect(await tableau(...args)).toBe(2);
    expect(await readFile(file, 'utf8')).toBe('saved by a person');
    expect(stderr.text).toContain('--force');
    expect(await tableau(...args, '--force')).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('<datasource');
  });

  test('finds the views in another dataset, where they are authorised', async () => {
    const { tableau, stdout } = stageOf();

    expect(await tableau('--out', '-', '--view', 'Orders', '--dataset', 'other.board', ...BIGQUERY)).toBe(0);

    expect(stdout.text).toContain("table='[other.board].[Orders]'");
  });

  test('bills the queries to another project, where a quota ends them and nothing else', async () => {
    const { tableau, stdout } = stageOf();

    expect(await tableau('--out', '-', '--view', 'Orders', '--bill-to', 'my-dashboards', ...BIGQUERY)).toBe(0);

    expect(stdout.text).toContain("CATALOG='my-project' EXECCATALOG='my-dashboards'");
  });

  test('reads an extract where a DuckDB file is the destination, by its whole path or from the folder of the file on', async () => {
    const { folder, tableau } = stageOf();
    const file = join(folder, 'a', 'orders.tds');
    const args = ['--out', file, '--view', 'Orders', '--destination', 'duckdb:shop.duckdb', '--force'];
    const extract = join(folder, 'b', 'orders.hyper');

    expect(await tableau(...args, '--extract', extract)).toBe(0);
    expect(await readFile(file, 'utf8')).toContain(`dbname='${extract}'`);
    expect(await tableau(...args, '--extract', relative(process.cwd(), extract))).toBe(0);
    expect(await readFile(file, 'utf8')).toContain(`dbname='${join('..', 'b', 'orders.hyper')}'`);
  });

  test.each([
    [['--out', 'x.tds'], 'x.tds is one file, and there are 2 views: Orders, Orders_lines'],
    [['--out', '-'], '- is one file, and there are 2 views'],
    [['--out', 'x', '--view', 'Order'], 'The schema of Orders declares no view "Order". Did you mean Orders?'],
    [['--out', 'x', '--extract', 'x.hyper'], 'An extract holds one view'],
    [['--out', 'x.tds', '--view', 'Orders', '--extract', 'a', '--dataset', 'p.d'], 'exclude each other'],
    [['--out', '-', '--view', 'Orders', '--json'], '--out - and --json exclude each other'],
    [['--out', 'x.tds', '--view', 'Orders', '--dataset', 'nothing'], '"nothing" is not a BigQuery dataset'],
    [
      ['--out', '/dev/null/x.tds', '--view', 'Orders'],
      "/dev/null/x.tds can't be written: a part of its path is a file",
    ],
  ])('%j is refused', async (args, message) => {
    const { tableau, stderr, stdout } = stageOf();

    expect(await tableau(...args, ...BIGQUERY)).toBe(2);

    expect(stderr.text).toContain(message);
    expect(stdout.text).toBe('');
  });

  test('a DuckDB file has no connection, and the remedy is an extract', async () => {
    const { tableau, stderr } = stageOf();

    expect(await tableau('--out', 'x', '--destination', 'duckdb:shop.duckdb')).toBe(2);

    expect(stderr.text).toContain('Tableau has no connection of its own to duckdb:shop.duckdb');
    expect(stderr.text).toContain('--extract');
  });

  test('a schema that declares nothing is named', async () => {
    const { tableau, stderr } = stageOf('{}');

    expect(await tableau('--out', 'x', ...BIGQUERY)).toBe(2);

    expect(stderr.text).toContain('schemas/Orders.json declares no typed view');
  });
});

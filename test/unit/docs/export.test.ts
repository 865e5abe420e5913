import { describe, expect, test } from 'vitest';
import { doneObject } from '../../../cli/commands/export/report.ts';
import { EXPORTED_TYPES } from '../../../src/views/exported-type.ts';
import { docsPage } from '../../support/docs/page.ts';
import { CSV, fileWriter, withEngine } from '../../support/export/written-file.ts';
import { commandStage } from '../../support/stages/command-stage.ts';

const page = await docsPage('export.md');

describe('docs/export.md', () => {
  test('shows commands', () => {
    expect(page.commands.length).toBeGreaterThanOrEqual(5);
  });

  test.each(page.commands.map((args) => [args.join(' '), args] as const))(
    'shows a command that can be typed: tailrace %s',
    async (_, args) => {
      const stage = commandStage({ env: { TAILRACE_DESTINATION: 'duckdb:shop.duckdb' } });

      await stage.tailrace(...args, '--json');

      // The command is valid: it fails only where it opens the destination.
      expect(JSON.parse(stage.stderr.lines.at(-1) ?? '')).toMatchObject({ message: 'Unexpected failure: Error' });
    },
  );

  test('shows the table of types as it is', () => {
    const rows = Object.entries(EXPORTED_TYPES).map(
      ([type, { csv, ndjson, parquet }]) => `| ${type} | ${csv} | ${ndjson} | ${parquet} |`,
    );

    expect(page.text).toContain(`|---|---|---|---|\n${rows.join('\n')}\n| a list`);
  });

  test('shows the summary as it is', () => {
    const [, shown = ''] = /```json\n(.*)\n```/.exec(page.text) ?? [];
    const columns = [
      { name: 'id', type: { scalar: 'STRING' } },
      { name: 'total', type: { scalar: 'NUMERIC' } },
    ] as const;
    const done = { table: 'orders', destination: 'duckdb:shop.duckdb', view: 'orders', format: 'csv' };

    expect(JSON.parse(shown)).toEqual(doneObject({ ...done, file: 'orders.csv', rows: 2, bytes: 30, columns }));
  });

  test('names the option by which DuckDB distinguishes NULL and empty text', async () => {
    const { writer, path } = await fileWriter(CSV);
    const columns = ['a', 'b'].map((name) => ({ name, type: { scalar: 'STRING' } }) as const);
    const [, options = ''] = /read_csv\('orders\.csv', (.*?)\)/.exec(page.text) ?? [];

    const read = await withEngine(async (run, connection) => {
      await writer.writeSelect(connection, `SELECT '' AS a, NULL::VARCHAR AS b`, columns);
      return run(`SELECT a, b FROM read_csv('${path}', header = true, ${options})`);
    });

    expect(read).toEqual([['', null]]);
  });

  test.each(page.links)('links to what is there: %s', async (link) => {
    expect(await page.leads(link)).toBe(true);
  });
});

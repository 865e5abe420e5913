import { describe, expect, test } from 'vitest';
import { pickColumns } from '../../src/destination/row-exporter.ts';
import type { SchemaColumn } from '../../src/schema/schema.ts';
import type { RowChoice } from '../../src/views/exported-rows.ts';
import { CSV, fileWriter, NDJSON } from '../support/export/written-file.ts';
import { setStage } from '../support/stages/contract-stage.ts';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { changeRow } from '../support/values/rows.ts';
import { SHOP } from '../support/values/shop.ts';
import { kind } from '../support/vitest/kind.ts';

const VIEW = 'my_app_shop';

const column = (name: string, type: SchemaColumn['type']): SchemaColumn => ({
  name,
  type,
  description: null,
  path: [name],
  cluster: false,
});

const SCHEMA = {
  name: VIEW,
  columns: [
    column('id', 'STRING'),
    column('total', 'NUMERIC'),
    column('big', 'BIGNUMERIC'),
    column('at', 'TIMESTAMP'),
    column('lines', 'JSON'),
  ],
};

const ITEMS = [
  '{"at":"2026-03-04T05:06:07.5+01:00","id":"a","lines":[1.5],"total":1.5}',
  '{"at":"planted","id":"b","lines":{"x":null},"total":12345678.25}',
  '{"id":""}',
];

const CHOICE: RowChoice = { view: VIEW, columns: ['id', 'total', 'at', 'lines'], where: null };

const NEVER = new AbortController().signal;

/** What `RowExporter` promises. */
export function exportContract(makePlace: () => Promise<TemporaryDestination>): void {
  const stageWithItems = async () => {
    const stage = await setStage(makePlace);
    await stage.destination.append(
      SHOP,
      ITEMS.map((newImage) => changeRow(String(JSON.parse(newImage).id), { newImage })),
    );
    await stage.destination.applyViews(SHOP, [SCHEMA]);
    const exported = async (choice: Partial<RowChoice> = {}, form = NDJSON) => {
      const file = await fileWriter(form);
      const { rows, columns } = await stage.destination.exportRows({ ...CHOICE, ...choice }, file.writer, NEVER);
      return { rows, columns, lines: (await file.text()).split('\n').sort() };
    };
    return { ...stage, exported };
  };

  describe('an export', () => {
    test('has every row of a typed view, its values exact', async () => {
      const { exported } = await stageWithItems();

      expect((await exported()).lines).toEqual([
        '',
        '{"id":"","total":null,"at":null,"lines":null}',
        '{"id":"a","total":1.5,"at":"2026-03-04T04:06:07.500000Z","lines":[1.5]}',
        '{"id":"b","total":12345678.25,"at":null,"lines":{"x":null}}',
      ]);
      expect((await exported({}, CSV)).lines).toEqual([
        '',
        '"",,,\r',
        '"a",1.5,2026-03-04T04:06:07.500000Z,"[1.5]"\r',
        '"b",12345678.25,,"{""x"":null}"\r',
        '"id",total,at,"lines"\r',
      ]);
    });

    test('tells the columns of a view with their types, also where no row is', async () => {
      const { destination, exported } = await stageWithItems();

      const columns = [
        { name: 'id', type: { scalar: 'STRING' } },
        { name: 'total', type: { scalar: 'NUMERIC' } },
        { name: 'at', type: { scalar: 'TIMESTAMP' } },
        // An emulator may know JSON as text.
        { name: 'lines', type: { scalar: expect.stringMatching(/^(?:JSON|STRING)$/) } },
      ];
      expect(pickColumns(VIEW, await destination.viewColumns(VIEW), CHOICE.columns)).toEqual(columns);
      expect(await exported({ where: '1 = 0' })).toMatchObject({ rows: 0, columns, lines: [''] });
    });

    test('has the chosen columns in their order, and the rows of a condition on any column', async () => {
      const { exported } = await stageWithItems();

      const { rows, lines } = await exported({ columns: ['lines', 'id'], where: 'total > 1 -- a comment' });

      expect(rows).toBe(2);
      expect(lines).toEqual(['', '{"lines":[1.5],"id":"a"}', '{"lines":{"x":null},"id":"b"}']);
    });

    test('has the latest view, too', async () => {
      const { exported } = await stageWithItems();

      const { lines } = await exported({ view: 'my_app_shop_latest', columns: ['item'] });

      expect(lines).toEqual(['', ...ITEMS.map((item) => `{"item":${item}}`)].sort());
    });

    test('estimates what it would read, and runs nothing', async () => {
      const { destination } = await stageWithItems();

      const estimate = await destination.estimateExport(CHOICE);

      expect(estimate).toMatchObject(estimate.isFree ? {} : { bytesBilled: expect.any(Number) });
    });

    test.for([
      '1=1) UNION ALL SELECT (1',
      '1=1), (2=2',
      '1=1) ORDER BY (1',
      '1=1) LIMIT (1',
      '1=1; SELECT 1',
      '1=1;',
      ')',
      '',
      '-- nothing',
      'no_such_column = 1',
    ])('refuses a condition that is not one: %s', async (where) => {
      const { destination, exported } = await stageWithItems();

      await expect(exported({ where })).rejects.toMatchObject(kind('query-invalid'));
      await expect(destination.estimateExport({ ...CHOICE, where })).rejects.toMatchObject(kind('query-invalid'));
    });

    test.for(['1=1) OR (1=0', "id = ');--'"])('takes what can only be a condition: %s', async (where) => {
      const { exported } = await stageWithItems();

      expect([0, 3]).toContain((await exported({ where })).rows);
    });

    test('misses a view by name', async () => {
      const { destination } = await stageWithItems();

      await expect(destination.viewColumns('nowhere')).rejects.toMatchObject(kind('destination-missing'));
    });
  });
}

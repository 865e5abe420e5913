import { expect, test } from 'vitest';
import { type Field, fieldsOf } from '../../../../src/reporting/tableau/field.ts';
import type { SchemaType } from '../../../../src/schema/column-type.ts';
import { EVERY_TYPE, schemaColumn } from '../../../support/values/shown-views.ts';

const MEASURE = { role: 'measure', type: 'quantitative', aggregation: 'Sum' };

/** What Tableau makes of a column of a live connection. */
function live(name: string, type: SchemaType): Field | undefined {
  return fieldsOf({ name: 'v', columns: [schemaColumn(name, type)] }, 'bigquery')[0]?.field;
}

test('numbers are added up, unless their name says that they name something', () => {
  expect(live('total', 'NUMERIC')).toMatchObject({ ...MEASURE, datatype: 'real' });
  expect(live('quantity', 'INT64')).toMatchObject({ ...MEASURE, datatype: 'integer' });
  for (const name of ['id', 'customer_id', 'orderNumber', 'zip_code', 'index']) {
    expect(live(name, 'INT64')).toMatchObject({ role: 'dimension', type: 'ordinal' });
  }
  expect(live('video', 'INT64')).toMatchObject(MEASURE);
  expect(live('number', 'NUMERIC')).toMatchObject(MEASURE);
});

test('a live connection shows no lists, no JSON and no bytes, each for its reason', () => {
  const obstacles = fieldsOf(EVERY_TYPE, 'bigquery').flatMap(({ column, field }) =>
    field.obstacle === undefined ? [] : [[column.name, field.obstacle] as const],
  );

  expect(obstacles.filter(([, obstacle]) => obstacle.startsWith('is a list')).map(([name]) => name)).toEqual(
    EVERY_TYPE.columns.filter(({ mode }) => mode === 'REPEATED').map(({ name }) => name),
  );
  expect(obstacles.filter(([, obstacle]) => !obstacle.startsWith('is a list'))).toEqual([
    ['a_bytes', expect.stringContaining('bytes')],
    ['a_json', expect.stringContaining('JSON')],
  ]);
});

test('an extract shows all of them as text, and BIGNUMERIC too', () => {
  for (const { column, field } of fieldsOf(EVERY_TYPE, 'extract')) {
    expect(field.obstacle).toBeUndefined();
    if (column.mode === 'REPEATED' || ['JSON', 'BYTES', 'BIGNUMERIC'].includes(column.type)) {
      expect(field.datatype).toBe('string');
    }
  }
});

test("the position is for Tailrace alone, unless it is a schema's own column", () => {
  const own = { name: 'v', columns: [schemaColumn('a', 'STRING')] };
  const declared = { name: 'v', columns: [schemaColumn('position', 'INT64')] };

  expect(fieldsOf(own, 'bigquery').map(({ field }) => field.isTechnical)).toEqual([undefined, undefined, true]);
  expect(fieldsOf(declared, 'bigquery').map(({ field }) => field.isTechnical)).toEqual([undefined, undefined]);
});

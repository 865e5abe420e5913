import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { positionOf } from '../../src/order/position.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { storedPosition, wholePosition } from '../../src/views/stored-position.ts';
import { LABEL } from '../support/values/rows.ts';
import { GoogleSql } from './google-sql.ts';
import { DATASET } from './tables.ts';

const address = inject('zetaSql');
const dialect = googlesql(DATASET);

describe.skipIf(address === null)('a stored position, in GoogleSQL', () => {
  let google: GoogleSql;
  beforeAll(async () => {
    google = await GoogleSql.connect(address ?? '');
  });
  afterAll(() => google[Symbol.dispose]());

  test.for([LABEL, `o'label"\\\`%_`])('comes back whole, of the label %s and of others', async (label) => {
    const numbers = ['1', '9'.repeat(28), `1${'0'.repeat(28)}`, '9'.repeat(40)];
    const positions = [...numbers.map((number) => positionOf(label, number)), positionOf(`${label}0`, '5')];
    const given = [...positions.map(dialect.text), 'CAST(NULL AS STRING)'].map((text) => `SELECT ${text} AS p`);
    const stored = `SELECT p, ${storedPosition(dialect, 'p', label)} AS s FROM (${given.join(' UNION ALL ')}) AS given`;

    const rows = await google.evaluate(
      `SELECT p, LENGTH(s), ${wholePosition(dialect, 's', label)} FROM (${stored}) AS stored ORDER BY p`,
    );

    expect(rows.map(([position, , whole]) => whole === position)).toEqual(Array(6).fill(true));
    const lengthOf = new Map(rows.map(([position, length]) => [position, length]));
    expect(positions.map((position) => lengthOf.get(position))).toEqual([
      28,
      28,
      ...positions.slice(2).map(({ length }) => length),
    ]);
    expect(lengthOf.get(null)).toBeNull();
  });
});

import { expect, test } from 'vitest';
import { describeParquet, flattenParquet, isUnflat } from '../../../src/views/parquet.ts';

test.each([
  'INTEGER[]',
  'VARCHAR[3]',
  'STRUCT(a INTEGER)',
  'MAP(VARCHAR, INTEGER)',
  'UNION(a INTEGER)',
  'UUID',
  'UBIGINT',
])('%s has no flat column', (type) => {
  expect(isUnflat({ name: 'a', type })).toBe(true);
});

test.each(['VARCHAR', 'DECIMAL(38,9)', 'JSON', 'BLOB', 'TIMESTAMP', 'UINTEGER'])('%s is flat', (type) => {
  expect(isUnflat({ name: 'a', type })).toBe(false);
});

test('no path ends its statement, and no name its column', () => {
  expect(describeParquet(`a'b.parquet`)).toBe(`DESCRIBE SELECT * FROM read_parquet('a''b.parquet')`);
  expect(flattenParquet(`a'b`, `c'd`, [{ name: 'e"f', type: 'VARCHAR' }])).toBe(
    `COPY (\nSELECT\n  "e""f" AS "e""f"\nFROM read_parquet('a''b')\n) TO 'c''d' (FORMAT parquet)`,
  );
});

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { COLUMN_TYPES } from '../../../src/schema/column-type.ts';
import { readSchema } from '../../../src/schema/read-schema.ts';
import { canonicalText } from '../../../src/value/canonical-text.ts';
import { DUCKDB_TYPES } from '../../../src/views/duckdb-type.ts';
import { askLatest, countMisfits, typedStatements } from '../../support/duckdb/latest.ts';
import { columnMisfits } from '../../support/values/misfits.ts';
import { TYPES } from '../../support/values/typed-texts.ts';

const PAGE = await readFile(new URL('../../../docs/schemas.md', import.meta.url), 'utf8');
const [SCHEMA = '', ITEM = '', ROW = ''] = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block]) => block);

test('docs/schemas.md makes of its item the row that it shows', async () => {
  const view = { name: 'x', columns: readSchema(SCHEMA, 'schemas/T.json').columns };
  const item = canonicalText(ITEM);

  const [row = []] = await askLatest([item], ...typedStatements(view));
  const counted = await countMisfits([item], view, 5);

  const shown = row.map((text, index) => {
    const type = view.columns[index]?.type;
    if (text === null) return null;
    if (type === 'JSON' || type === 'BOOL') return JSON.parse(text);
    return type === 'TIMESTAMP' ? `${text.replace(' ', 'T')}Z` : text;
  });
  expect(shown).toEqual(JSON.parse(ROW));
  expect(counted).toEqual({ items: 1, byColumn: view.columns.map(() => columnMisfits({ present: 1 })) });
});

test('docs/schemas.md shows the table of types as it is', () => {
  const table = TYPES.map((type) => `| ${type} | ${COLUMN_TYPES[type].fits} | ${type} | ${DUCKDB_TYPES[type]} |`);

  expect(PAGE).toContain(`|---|---|---|---|\n${table.join('\n')}\n\n`);
});

test("docs/schemas.md says what doesn't fit a number", async () => {
  const [, listed = ''] = /doesn't: (.*)\./.exec(PAGE) ?? [];
  const texts = [...listed.matchAll(/`(".*?")`/g)].map(([, text = '']) => text);
  const columns = TYPES.filter((type) => !['STRING', 'JSON'].includes(type)).map((type) => ({
    name: type,
    type,
    description: null,
    cluster: false,
    path: ['v'],
  }));

  expect(texts.length).toBeGreaterThan(3);
  const rows = await askLatest(
    texts.map((text) => `{"v":${text}}`),
    ...typedStatements({ columns }),
  );
  expect(rows.flat().every((value) => value === null)).toBe(true);
});

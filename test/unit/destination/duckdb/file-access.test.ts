import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const FOLDER = new URL('../../../../src/destination/duckdb/', import.meta.url);

/** Functions that use names of files and never open one. */
const NAME_ONLY = ['existsSync', 'realpathSync', 'rmSync', 'statSync'];

/** It opens a file only after DuckDB refused to. */
const EXEMPT = ['newer-format.ts'];

test('nothing opens a DuckDB file beside DuckDB: closing it again would release the lock of the whole process', () => {
  const files = readdirSync(FOLDER).filter((file) => !EXEMPT.includes(file));
  const used = files.flatMap((file) => {
    const source = readFileSync(new URL(file, FOLDER), 'utf8');
    return [...source.matchAll(/import ([^;]*?) from 'node:fs[^']*'/g)].flatMap(([, names = '']) =>
      names
        .replace(/[{}\s]/g, '')
        .split(',')
        .filter(Boolean)
        .map((name) => ({ file, name })),
    );
  });

  expect(used.map(({ name }) => name)).toEqual(expect.arrayContaining(NAME_ONLY));
  expect(used.filter(({ name }) => !NAME_ONLY.includes(name))).toEqual([]);
});

import { version } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { catalogOf } from '../../../src/destination/duckdb/file-catalog.ts';
import { docsPage } from '../../support/docs/page.ts';

const page = await docsPage('duckdb.md');

describe('docs/duckdb.md', () => {
  test('names the version of DuckDB, and the storage version that it reads', () => {
    const [, minor] = /^v(\d+\.\d+)\./.exec(version()) ?? [];

    expect(page.text).toContain(`Tailrace's DuckDB is ${minor}.`);
    expect(page.text).toContain(`(STORAGE_VERSION 'v${minor}.0')`);
  });

  test('names a catalog as the code does', () => {
    expect(page.text).toContain(`in \`Main.duckdb\` it is \`${catalogOf('/data/Main.duckdb')}\``);
  });
});

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { CHANGELOG_COLUMNS } from '../../src/changelog/columns.ts';
import { objectNames } from '../../src/names/object-names.ts';
import { SNAPSHOT_COLUMNS } from '../../src/snapshot/columns.ts';
import { canonicalText } from '../../src/value/canonical-text.ts';
import { googlesql } from '../../src/views/googlesql.ts';
import { stateSelect } from '../../src/views/state.ts';
import type { Evidence } from '../simulation/history/evidence.ts';
import { generate } from '../simulation/history/generate.ts';
import { play } from '../simulation/history/play.ts';
import { Engine } from '../simulation/world/memory-database.ts';
import { TABLE } from '../simulation/world/table.ts';
import { GoogleSql } from './google-sql.ts';
import { DATASET, tableOf } from './tables.ts';

const address = inject('zetaSql');
const NAMES = objectNames(TABLE.name);
const dialect = googlesql(DATASET);
/** A snapshot's columns, with the fields of the evidence. */
const STORED_COLUMNS = SNAPSHOT_COLUMNS.map((column) => ({
  ...column,
  field: column.name === 'changed_at' ? ('changedAt' as const) : column.name,
}));
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

describe.skipIf(address === null)('the state of a history on the reference implementation', () => {
  let google: GoogleSql;
  let engine: Engine;
  beforeAll(async () => {
    google = await GoogleSql.connect(address ?? '');
    engine = await Engine.start();
  });
  afterAll(() => {
    google[Symbol.dispose]();
    engine[Symbol.dispose]();
  });

  // At each rest the history itself holds what DuckDB shows against the table.
  test.for(SEEDS)('is that of history %i, whenever it is at rest', async (seed) => {
    const rests: Evidence[] = [];
    const { violations } = await play(generate(seed), engine, (evidence) => rests.push(evidence));

    expect(violations).toEqual([]);
    expect(rests.length).toBeGreaterThan(2);
    for (const rest of rests) expect(await shownByGoogle(google, rest)).toEqual(rest.shown);
  });
});

async function shownByGoogle(google: GoogleSql, { published, changes, snapshot }: Evidence) {
  const view = stateSelect(dialect, NAMES, { published, columns: [], stored: new Set() });
  const rows = await google.evaluate(`SELECT key, TO_JSON_STRING(item) AS item FROM (${view}) AS latest ORDER BY key`, [
    tableOf(NAMES.changelog, CHANGELOG_COLUMNS, changes),
    ...(published.snapshotId === null ? [] : [tableOf(NAMES.snapshot(published.snapshotId), STORED_COLUMNS, snapshot)]),
  ]);
  return new Map(rows.map(([key, item]) => [String(key), canonicalText(String(item))]));
}

import { objectNames } from '../../../src/names/object-names.ts';
import { columnsOfViews } from '../../../src/schema/typed-column.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import { unpublished } from '../../../src/snapshot/published.ts';
import { comparisonCounts, comparisonFindings, comparisonSample } from '../../../src/views/comparison.ts';
import { changelogCount, latestCount, tailCount } from '../../../src/views/counts.ts';
import type { Dialect } from '../../../src/views/dialect.ts';
import { gapCounts, gapRanges } from '../../../src/views/gaps.ts';
import type { ItemSource } from '../../../src/views/item-source.ts';
import { latestSelect } from '../../../src/views/latest.ts';
import { ledgerSelect } from '../../../src/views/ledger.ts';
import { lookupSelect } from '../../../src/views/lookup.ts';
import { misfitCount } from '../../../src/views/misfits.ts';
import { deleteOldRows, oldRowCount } from '../../../src/views/old-rows.ts';
import { itemSampleSelect, sampleSelect } from '../../../src/views/sample.ts';
import { shapeSelect } from '../../../src/views/shapes.ts';
import { foldedSnapshot, loadCount, loadedSnapshot, snapshotCount } from '../../../src/views/snapshot.ts';
import { type StateParts, stateSelect } from '../../../src/views/state.ts';
import { stateDifference } from '../../../src/views/state-difference.ts';
import {
  changelogTable,
  comparisonTable,
  ledgerTable,
  loadTable,
  snapshotTable,
  streamedTable,
} from '../../../src/views/table-definition.ts';
import { typedSelect } from '../../../src/views/typed.ts';
import { kindStatements } from './golden-kinds.ts';

const NAMES = objectNames('my-app.orders');
const ID = '20261122t093000z1f3a';
const ID_COMPACTED = '20261125t030000z5b6c';
const ID_FOLDED_AGAIN = '20261126t030000z7d8e';
const ID_OF_CHANGES = '20261001t080000z11ff';
const ID_BEFORE = '20261001t080000z00ff';

/** A comment that is hard to quote. */
export const HOSTILE_TEXT = `it's "quoted" \`so\` \\ and \\' — é 😀\nand a second line; -- DROP TABLE x`;

const PUBLISHED: Published = {
  snapshotId: ID,
  floor: Date.parse('2026-11-22T09:25:00.123Z'),
  streamLabel: '2026-10-01T07:08:09.123',
  from: Date.parse('2026-11-22T07:25:00.123Z'),
  reading: ID,
  folded: null,
  generation: 2,
};

/** A compaction of the snapshot above. */
const COMPACTED: Published = {
  ...PUBLISHED,
  snapshotId: ID_COMPACTED,
  from: Date.parse('2026-11-25T01:00:00Z'),
  folded: '2026-10-01T07:08:09.123/0000000000000000000000000000000000000042',
};

const TYPED: TypedView = {
  name: NAMES.typed,
  columns: [
    { name: 'id', type: 'STRING', description: HOSTILE_TEXT, path: ['id'], cluster: false },
    { name: 'quantity', type: 'INT64', description: null, path: ['lines', 0, 'quantity'], cluster: false },
    { name: 'rating', type: 'FLOAT64', description: null, path: ['rating'], cluster: false },
    { name: 'total', type: 'NUMERIC', description: null, path: ['total'], cluster: false },
    { name: 'volume', type: 'BIGNUMERIC', description: null, path: ['volume'], cluster: false },
    { name: 'paid', type: 'BOOL', description: null, path: ['paid'], cluster: false },
    { name: 'created_at', type: 'TIMESTAMP', description: null, path: ['createdAt'], cluster: false },
    { name: 'due', type: 'DATE', description: null, path: ['due'], cluster: false },
    { name: 'select', type: 'JSON', description: null, path: [`it's "a.b" \\ \`é\``], cluster: false },
  ],
};

/** Changes of the last week. */
const RECENT: ItemSource = { of: 'changes', since: Date.parse('2026-11-15T09:30:00Z') };

const COMPARED = { comparison: 'c1' };

const GAPS = {
  id: 'g1',
  lagCutoff: Date.parse('2026-11-22T09:25:00.123Z'),
  ingestedSince: Date.parse('2026-11-20T00:00:00Z'),
};

/** Every statement that Tailrace sends, by its purpose, in an order in which they can run. */
export function goldenStatements(dialect: Dialect): Readonly<Record<string, readonly string[]>> {
  const columns = columnsOfViews([{ name: 'x', columns: TYPED.columns }]);
  const over = (published: Published, stored = columns): StateParts => ({
    published,
    columns,
    stored: new Set(stored.map(({ name }) => name)),
  });
  const view = (state: StateParts) => dialect.createView(NAMES.state, stateSelect(dialect, NAMES, state), 'State.');
  const snapshot = (id: string) => ({
    ...snapshotTable(NAMES, id, 'Items of orders.', columns),
    labels: { tailrace: 'snapshot' },
  });
  return {
    'create-changelog': dialect.createTable(changelogTable(NAMES, 'day', 'Changes of orders.')),
    'create-changelog-by-hour': dialect.createTable(changelogTable(NAMES, 'hour', 'Changes of orders.')),
    'create-load': dialect.createTable(loadTable(ID, 'Items of orders on their way.')),
    'count-load': [loadCount(dialect, ID)],
    'make-snapshot': dialect.createTableAs(snapshot(ID), loadedSnapshot(dialect, ID, columns, { isRepeated: false })),
    'make-snapshot-of-repeated-keys': dialect.createTableAs(
      snapshot(ID_BEFORE),
      loadedSnapshot(dialect, ID, columns, { isRepeated: true }),
    ),
    'make-compaction': dialect.createTableAs(
      snapshot(ID_COMPACTED),
      foldedSnapshot(dialect, NAMES, over(PUBLISHED), PUBLISHED.floor),
    ),
    'make-compaction-of-compaction': dialect.createTableAs(
      snapshot(ID_FOLDED_AGAIN),
      foldedSnapshot(dialect, NAMES, over(COMPACTED, columns.slice(1)), PUBLISHED.floor),
    ),
    'make-compaction-of-changes': dialect.createTableAs(
      snapshot(ID_OF_CHANGES),
      foldedSnapshot(dialect, NAMES, over(unpublished(1)), null),
    ),
    'create-ledger': dialect.createTable(ledgerTable(HOSTILE_TEXT)),
    'create-comparison': dialect.createTable(comparisonTable('c1', 'A comparison.')),
    'comment-on-table': [dialect.commentOnTable(NAMES.changelog, HOSTILE_TEXT)],
    'state-without-snapshot': view({ ...over(unpublished(1)), columns: [] }),
    'state-without-columns': view({ ...over(PUBLISHED), columns: [] }),
    'state-hostile-label': view({ ...over({ ...PUBLISHED, streamLabel: `o'label"\\\`` }), columns: [] }),
    'state-over-snapshot': view(over(PUBLISHED)),
    'state-with-a-new-column': view(over(COMPACTED, columns.slice(1))),
    'state-over-compaction': view(over(COMPACTED)),
    latest: dialect.createView(NAMES.latest, latestSelect(dialect, NAMES), 'Current state.'),
    'typed-view': dialect.createView(NAMES.typed, typedSelect(dialect, NAMES, TYPED), 'Orders, typed.'),
    'count-misfits': [misfitCount(dialect, NAMES, TYPED, 5)],
    drift: [
      misfitCount(dialect, NAMES, { ...TYPED, columns: TYPED.columns.slice(0, 1) }, 1, RECENT),
      shapeSelect(dialect, NAMES, { share: 1, salt: '' }, RECENT),
    ],
    ...kindStatements(dialect),
    shapes: [
      shapeSelect(dialect, NAMES, { share: 1, salt: '' }),
      shapeSelect(dialect, NAMES, { share: 0.01, salt: 'shapes' }),
    ],
    lookup: [lookupSelect(dialect, NAMES)],
    'count-latest': [latestCount(dialect, NAMES)],
    'count-snapshot': [snapshotCount(dialect, NAMES, ID, PUBLISHED.streamLabel)],
    'state-difference': [
      stateDifference(dialect, NAMES, { ...PUBLISHED, snapshotId: ID_BEFORE, floor: 1_760_000_000_000 }, PUBLISHED),
    ],
    'state-difference-first': [stateDifference(dialect, NAMES, unpublished(2), PUBLISHED)],
    'count-tail': [tailCount(dialect, NAMES, COMPACTED)],
    'count-changelog': [
      changelogCount(dialect, NAMES, Date.parse('2026-11-20T00:00:00Z')),
      changelogCount(dialect, NAMES, null),
    ],
    'count-old-rows': [oldRowCount(dialect, NAMES, Date.parse('2026-06-28T00:00:00Z'))],
    'delete-old-rows': [deleteOldRows(dialect, NAMES, Date.parse('2026-06-28T00:00:00Z'))],
    ledger: [ledgerSelect(dialect, 'my-app.orders')],
    'comparison-counts': [comparisonCounts(dialect, NAMES, COMPARED, 'both')],
    'comparison-counts-of-source': [comparisonCounts(dialect, NAMES, COMPARED, 'source')],
    'comparison-counts-of-snapshot': [comparisonCounts(dialect, NAMES, { snapshot: ID }, 'both')],
    'comparison-findings': [
      comparisonFindings(dialect, NAMES, COMPARED, { scope: 'both', limit: 100, after: null }),
      comparisonFindings(dialect, NAMES, COMPARED, { scope: 'both', limit: 100, after: HOSTILE_TEXT }),
    ],
    'comparison-findings-of-source': [
      comparisonFindings(dialect, NAMES, COMPARED, { scope: 'source', limit: 100, after: null }),
    ],
    'comparison-sample': [comparisonSample(dialect, NAMES, COMPARED, { limit: 25, salt: '0123456789abcdef' })],
    sample: [
      sampleSelect(dialect, NAMES, { share: 0.01, salt: '0123456789abcdef' }, { limit: 100, after: null }),
      sampleSelect(dialect, NAMES, { share: 1, salt: '' }, { limit: 100, after: HOSTILE_TEXT }),
    ],
    'item-sample': [
      itemSampleSelect(dialect, NAMES, { share: 0.01, salt: '' }, { limit: 100, after: null }),
      itemSampleSelect(dialect, NAMES, { share: 1, salt: '' }, { limit: 100, after: HOSTILE_TEXT }),
    ],
    'create-held': dialect.createTable(streamedTable('g1', 'A search.')),
    'gap-counts': [gapCounts(dialect, NAMES, GAPS)],
    'gap-ranges': [gapRanges(dialect, NAMES, GAPS, { limit: 100, after: null })],
    'gap-ranges-next': [gapRanges(dialect, NAMES, GAPS, { limit: 100, after: { shardId: HOSTILE_TEXT, ordinal: 3 } })],
    'gap-counts-slice': [
      gapCounts(dialect, NAMES, {
        ...GAPS,
        slice: { after: { shardId: `o'shard"\\\``, position: 'l/1' }, upTo: { shardId: 'shard-2', position: 'l/2' } },
      }),
    ],
    'drop-comparison': [dialect.dropTable('tailrace_compare_c1')],
    'drop-snapshot': [dialect.dropTable(NAMES.snapshot(ID))],
  };
}

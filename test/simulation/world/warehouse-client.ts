import type { ApiRequest } from '../../../src/destination/bigquery/api.ts';
import { Caller } from '../../../src/destination/bigquery/caller.ts';
import { ChangelogWriter, type NewChangelogMode } from '../../../src/destination/bigquery/changelog-writer.ts';
import { Dataset } from '../../../src/destination/bigquery/dataset.ts';
import { datasetPath } from '../../../src/destination/bigquery/dataset-path.ts';
import { bigQuerySettings } from '../../../src/destination/bigquery/settings.ts';
import type { Comparer, Comparison, SourceComparison } from '../../../src/destination/comparer.ts';
import type { ChangelogAppender, LatestReader, TableSetup } from '../../../src/destination/destination.ts';
import type { GapFinder, GapSearch } from '../../../src/destination/gap-finder.ts';
import { rowsOf } from '../../../src/destination/row-file.ts';
import type { SnapshotStore } from '../../../src/destination/snapshot-store.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { Story } from '../history/story.ts';
import type { Coverage } from './coverage.ts';
import type { Faults } from './faults.ts';
import type { Process } from './process.ts';
import type { Scheduler } from './scheduler.ts';
import type { StateModel } from './state-model.ts';
import type { Warehouse } from './warehouse.ts';

export type WarehouseClient = ChangelogAppender & TableSetup & SnapshotStore & LatestReader & Comparer & GapFinder;

export type WarehouseClientOptions = {
  readonly scheduler: Scheduler;
  readonly story: Story;
  readonly faults: Faults;
  /** Records publications and drops. */
  readonly coverage: Coverage;
  /** Records loaded rows, and models how states differ. */
  readonly states: StateModel;
  /** What it does with rows for a changelog that is too young for streaming. */
  readonly newChangelogs: NewChangelogMode;
  readonly violate: (what: string) => void;
};

/**
 * The warehouse as one process reaches it: appended to by the product's own streaming inserts and load jobs, everything
 * else by its DuckDB destination, through a connection that can break at any answer.
 */
export function warehouseClient(
  warehouse: Warehouse,
  process: Process,
  { scheduler, story, faults, coverage, states, newChangelogs, violate }: WarehouseClientOptions,
): WarehouseClient {
  const { store } = warehouse;
  const exchange = (request: ApiRequest) => {
    // A look at the table is no step, so that a process that dies at a step dies before or after an append.
    const isLook = request.query?.['fields'] !== undefined;
    return isLook ? warehouse.look() : process.reach(() => warehouse.answer(request, process.name));
  };
  const dataset = new Dataset(
    new Caller({ exchange }, process, process.random),
    datasetPath('simulated.tailrace'),
    bigQuerySettings({}),
  );
  const changelogs = new ChangelogWriter(dataset, newChangelogs);
  const ask = <T>(work: () => Promise<T>): Promise<T> =>
    process.reach(async () => {
      await scheduler.sleep(warehouse.latency());
      if (faults.lasts('warehouse', 'refuse') || faults.lasts('warehouse', 'exceed-quota')) {
        story.trouble('command met an outage', 'warehouse', `refuses ${process.name}`);
        throw new TailraceError('destination-unavailable', 'Injected: refused');
      }
      return work();
    });
  /** Reads after the rows that are due have become visible. */
  const read = <T>(work: () => Promise<T>): Promise<T> =>
    ask(async () => {
      await warehouse.showDue();
      return work();
    });

  return {
    append: (table, rows, { deadline } = {}) => changelogs.append(table, rows, deadline),
    prepare: (table, generation, options) => ask(() => store.prepare(table, generation, options)),
    preview: (table, generation, options) => ask(() => store.preview(table, generation, options)),
    known: (tableName) => ask(() => store.known(tableName)),
    sources: () => ask(() => store.sources()),
    published: (table) => ask(() => store.published(table)),
    createSnapshot: (table, id) => ask(() => store.createSnapshot(table, id)),
    loadSnapshot: (table, id, chunk, rows) =>
      ask(async () => {
        const loaded = [...rowsOf(rows)];
        await store.loadSnapshot(table, id, chunk, rows);
        states.load(id, loaded);
      }),
    maxLoadCharacters: store.maxLoadCharacters,
    countSnapshot: (table, id) => ask(() => store.countSnapshot(table, id)),
    snapshotBytes: (table, id) => ask(() => store.snapshotBytes(table, id)),
    compareStates: (table, before, after) =>
      read(async () => {
        if (!warehouse.comparesStates) {
          throw new TailraceError('destination-unavailable', 'Injected: too much to ask');
        }
        const modelled = () => JSON.stringify(states.difference(before.snapshotId, after.snapshotId, warehouse.seen));
        const expected = modelled();
        const difference = await store.compareStates(table, before, after);
        const { added, removed, different, unchanged } = difference;
        const reported = JSON.stringify({ added, removed, different, unchanged });
        // Rows may become visible during the query.
        if (reported !== expected && reported !== modelled()) {
          violate(`${process.name} learns that a publication changes ${reported}, and it changes ${expected}`);
        }
        return difference;
      }),
    publish: (table, next, expected) => ask(() => publish(table, next, expected)),
    dropSnapshot: (table, id) => ask(() => store.dropSnapshot(table, id).then(() => coverage.drop(id))),
    record: (event) => ask(async () => void warehouse.ledger.push(event)),
    ledger: () => ask(async () => [...warehouse.ledger]),
    lookup: (table, keys) => read(() => store.lookup(table, keys)),
    sampleLatest: (table, sample, limit, after) => read(() => store.sampleLatest(table, sample, limit, after)),
    changelogStatus: (table, since) => read(() => store.changelogStatus(table, since)),
    countLatest: (table) => read(() => store.countLatest(table)),
    compare: async (table, id) => reached(await ask(() => store.compare(table, id)), ask, read),
    compareSnapshot: (table, id) => reading(store.compareSnapshot(table, id), read),
    findGaps: async (table, id) => reachedGaps(await ask(() => store.findGaps(table, id)), ask, read),
  };

  async function publish(table: SourceTable, next: Published, expected: Published): Promise<void> {
    await store.publish(table, next, expected);
    if (next.snapshotId !== null) coverage.publish(next.snapshotId, process.name);
    story.tell('warehouse', `publishes ${next.snapshotId} for ${process.name}`);
    if (!faults.take('publications', 'lose-response')) return;
    story.trouble('publication unanswered', 'warehouse', `loses its answer to ${process.name}`);
    throw new TailraceError('destination-unavailable', 'Injected: answer lost');
  }
}

type Reach = <T>(work: () => Promise<T>) => Promise<T>;

function reached(comparison: SourceComparison, ask: Reach, read: Reach): SourceComparison {
  return {
    ...reading(comparison, read),
    add: (rows) => ask(() => comparison.add(rows)),
    [Symbol.asyncDispose]: () => ask(async () => comparison[Symbol.asyncDispose]()),
  };
}

function reading(comparison: Comparison, read: Reach): Comparison {
  return {
    counts: (scope) => read(() => comparison.counts(scope)),
    findings: (scope, limit, after) => read(() => comparison.findings(scope, limit, after)),
    sampleAgreeing: (count) => read(() => comparison.sampleAgreeing(count)),
  };
}

function reachedGaps(search: GapSearch, ask: Reach, read: Reach): GapSearch {
  return {
    add: (changes) => ask(() => search.add(changes)),
    counts: (lagCutoff) => read(() => search.counts(lagCutoff)),
    ranges: (lagCutoff, limit, after) => read(() => search.ranges(lagCutoff, limit, after)),
    [Symbol.asyncDispose]: () => ask(async () => search[Symbol.asyncDispose]()),
  };
}

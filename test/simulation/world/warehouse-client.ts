import type { ApiRequest } from '../../../src/destination/bigquery/api.ts';
import { Caller } from '../../../src/destination/bigquery/caller.ts';
import { ChangelogWriter, type NewChangelogMode } from '../../../src/destination/bigquery/changelog-writer.ts';
import { Dataset } from '../../../src/destination/bigquery/dataset.ts';
import { datasetPath } from '../../../src/destination/bigquery/dataset-path.ts';
import { ingestedWithin } from '../../../src/destination/bigquery/drop-rows.ts';
import { bigQuerySettings } from '../../../src/destination/bigquery/settings.ts';
import { foldFrom, readingFrom } from '../../../src/destination/bigquery/tail-start.ts';
import type { Comparer, Comparison, SourceComparison } from '../../../src/destination/comparer.ts';
import type { ChangelogAppender, LatestReader, TableSetup } from '../../../src/destination/destination.ts';
import type { GapFinder, GapSearch } from '../../../src/destination/gap-finder.ts';
import { rowsOf } from '../../../src/destination/row-file.ts';
import type { RowRetention } from '../../../src/destination/row-retention.ts';
import type { SnapshotStore } from '../../../src/destination/snapshot-store.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { Publication } from '../../../src/snapshot/publication-rule.ts';
import type { Published } from '../../../src/snapshot/published.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { Story } from '../history/story.ts';
import type { Coverage } from './coverage.ts';
import { type Faults, LATE_MS } from './faults.ts';
import type { Folds } from './folds.ts';
import type { Process } from './process.ts';
import type { StateModel } from './state-model.ts';
import type { Warehouse } from './warehouse.ts';

export type WarehouseClient = ChangelogAppender &
  TableSetup &
  SnapshotStore &
  RowRetention &
  LatestReader &
  Comparer &
  GapFinder;

export type WarehouseClientOptions = {
  readonly story: Story;
  readonly faults: Faults;
  /** Aborts when all faults have ended. */
  readonly healed: AbortSignal;
  /** Records publications and drops. */
  readonly coverage: Coverage;
  /** Records loaded rows, and models how states differ. */
  readonly states: StateModel;
  readonly folds: Folds;
  /** What it does with rows for a changelog that is too young for streaming. */
  readonly newChangelogs: NewChangelogMode;
  readonly violate: (what: string) => void;
  /** Called after a publication. */
  readonly onStep: () => Promise<void>;
};

/**
 * The warehouse as one process reaches it: appended to by the product's own streaming inserts and load jobs, everything
 * else by its DuckDB destination, through a connection that can break at any answer.
 */
export function warehouseClient(
  warehouse: Warehouse,
  process: Process,
  { story, faults, healed, coverage, states, folds, newChangelogs, violate, onStep }: WarehouseClientOptions,
): WarehouseClient {
  const { store } = warehouse;
  const isFile = warehouse.kind === 'duckdb';
  const exchange = (request: ApiRequest) => {
    // A look at the table is no step, so that a process that dies at a step dies before or after an append.
    const isLook = request.query?.['fields'] !== undefined;
    if (isLook) return warehouse.look();
    return process.reach(async () => {
      // A function isn't left asleep: it is cut off.
      if (request.path.endsWith('/insertAll') && !process.name.startsWith('lambda') && isAsleep()) {
        await warehouse.scheduler.sleep(LATE_MS, healed);
      }
      return warehouse.answer(request, process.name);
    });
  };
  const isAsleep = () => {
    if (!faults.take('warehouse', 'arrive-late')) return false;
    story.trouble('insert held up', process.name, 'sleeps with its machine before an insert has left');
    return true;
  };
  const dataset = new Dataset(
    new Caller({ exchange }, process, process.random),
    datasetPath('simulated.tailrace'),
    bigQuerySettings({}),
  );
  const changelogs = new ChangelogWriter(dataset, newChangelogs);
  const ask = <T>(work: () => Promise<T>): Promise<T> =>
    process.reach(async () => {
      await warehouse.letPass(process.name);
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
    readingFrom: (table, floor) =>
      isFile ? read(() => store.readingFrom(table, floor)) : ask(() => readingFrom(dataset, table, floor)),
    foldFrom: (table) => (isFile ? read(() => store.foldFrom()) : ask(() => foldFrom(dataset, table))),
    createLoad: (table, id) => ask(() => store.createLoad(table, id)),
    loadSnapshot: (table, id, chunk, rows) =>
      ask(async () => {
        const loaded = [...rowsOf(rows)];
        await store.loadSnapshot(table, id, chunk, rows);
        states.load(id, loaded);
      }),
    maxLoadCharacters: store.maxLoadCharacters,
    foldsInJobs: !isFile,
    countLoad: (table, id) => ask(() => store.countLoad(table, id)),
    makeSnapshot: (table, facts, isRepeated) =>
      ask(async () => {
        const made = await store.makeSnapshot(table, facts, isRepeated);
        states.makeOfLoaded(made);
        return made;
      }),
    foldSnapshot: (_table, facts, base, options) => {
      coverage.beginCompaction(facts.snapshotId, base.snapshotId);
      return folds.fold(process, { facts, base, options });
    },
    estimateFold: (table, base) => read(() => store.estimateFold(table, base)),
    describeSnapshot: (table, id) => ask(() => store.describeSnapshot(table, id)),
    snapshotBytes: (table, id) => ask(() => store.snapshotBytes(table, id)),
    compareStates: (table, before, after) =>
      read(async () => {
        if (!warehouse.comparesStates) {
          throw new TailraceError('destination-unavailable', 'Injected: too much to ask');
        }
        const modelled = () => JSON.stringify(states.difference(before, after));
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
    publish: (table, publication) => ask(() => publish(table, publication)),
    dropSnapshot: (table, id) => ask(() => store.dropSnapshot(table, id).then(() => coverage.drop(id))),
    ingestedWithin: (table, ageMs) =>
      isFile ? read(() => store.ingestedWithin(table, ageMs)) : ask(() => ingestedWithin(dataset, ageMs)),
    countRowsBefore: (table, before) => read(() => store.countRowsBefore(table, before)),
    dropRows: (table, before) =>
      read(async () => {
        await store.dropRows(table, before);
        states.drop(before);
        warehouse.eventsAtDrop = warehouse.ledger.length;
        await onStep();
      }),
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

  async function publish(table: SourceTable, publication: Publication): Promise<Published> {
    const { next } = publication;
    await warehouse.showDue();
    const replaced = await store.publish(table, publication);
    judge(publication);
    states.publish(next, process.name);
    await onStep();
    if (next.snapshotId !== null) coverage.publish(next.snapshotId, process.name);
    story.tell('warehouse', `publishes ${next.snapshotId} for ${process.name}`);
    if (!faults.take('publications', 'lose-response')) return replaced;
    story.trouble('publication unanswered', 'warehouse', `loses its answer to ${process.name}`);
    throw new TailraceError('destination-unavailable', 'Injected: answer lost');
  }

  /** Judges a publication by what the state stood on before. */
  function judge({ next, startedFrom, by }: Publication): void {
    const { published } = states;
    const what = `${process.name} publishes ${next.snapshotId}`;
    const base = next.snapshotId === null ? null : states.factsOf(next.snapshotId)?.baseSnapshotId;
    if (by === 'compaction' && base !== published.snapshotId) {
      violate(`${what}, made of ${base}, over ${published.snapshotId}`);
    }
    // Names tell the second, and no more.
    const begunIn = ({ reading }: Published) => reading?.split('z')[0] ?? '';
    if (by === 'reading' && begunIn(published) > begunIn(next)) {
      violate(`${what} over the younger reading ${published.reading}`);
    }
    if (by === 'reading' && published.snapshotId !== startedFrom.snapshotId) {
      story.trouble('compaction under a backfill', process.name, `finds the compaction ${published.snapshotId}`);
    }
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

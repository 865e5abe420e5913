import { type BackfillOptions, backfill } from '../../../cli/commands/backfill/backfill.ts';
import type { Destination } from '../../../src/destination/destination.ts';
import { rowsOf } from '../../../src/destination/row-file.ts';
import { unpublished } from '../../../src/snapshot/published.ts';
import type { SnapshotRow } from '../../../src/snapshot/row.ts';
import type { TableReader } from '../../../src/source/table-reader.ts';
import type { AttributeMap } from '../../../src/value/attribute-value.ts';
import { hurriedClock } from '../clock/simple-clocks.ts';
import { oneShardStream } from '../stream/one-shard-stream.ts';
import { STREAM_ARN } from '../stream/record.ts';
import { tableDescription } from '../stream/table-description.ts';
import { commandStage, INVOCATION, type Props } from './command-stage.ts';

/** When commands run. */
export const NOW = Date.UTC(2026, 0, 3, 10);

const DEFAULTS = {
  segments: 1,
  minStreamAge: undefined,
  maxReadUnits: undefined,
  rate: undefined,
  maxCost: undefined,
  prices: undefined,
  dryRun: false,
  sample: false,
  yes: false,
  restart: false,
  publish: true,
};

const stream = oneShardStream(STREAM_ARN, [], { closed: false });

/**
 * Runs `backfill` over a table of these items, whose stream was switched on just now.
 *
 * @param stateOf The state directory of the current test.
 */
export function backfillCommandIn(stateOf: () => string) {
  return function stageOf(
    items: readonly AttributeMap[],
    parts: Partial<TableReader> = {},
    signal?: AbortSignal,
    more: Partial<Destination> = {},
    props: Props = {},
  ) {
    const loaded: SnapshotRow[] = [];
    const waits: number[] = [];
    const clock = hurriedClock(NOW);
    const destination: Partial<Destination> = {
      prepare: async () => ({ created: [] }),
      published: async () => unpublished(1),
      readingFrom: async (_table, floor) => floor,
      ledger: async () => [],
      createLoad: async () => {},
      loadSnapshot: async (_table, _id, _chunk, rows) => void loaded.push(...rowsOf(rows)),
      maxLoadCharacters: 8 * 1024 * 1024,
      countLoad: async () => ({ rows: loaded.length, keys: new Set(loaded.map(({ key }) => key)).size }),
      compareStates: async () => ({ added: 3, removed: 1, different: 2, unchanged: 9_994 }),
      makeSnapshot: async (_table, facts) => ({ ...facts, itemCount: new Set(loaded.map(({ key }) => key)).size }),
      describeSnapshot: async () => undefined,
      publish: async (_table, { startedFrom }) => startedFrom,
      dropSnapshot: async () => {},
      record: async () => {},
      ...more,
    };
    const stage = commandStage({
      clock: {
        now: clock.now,
        async sleep(ms, stop) {
          waits.push(ms);
          await clock.sleep(ms, stop);
        },
      },
      tables: {
        describe: async () => tableDescription(),
        scan: async () => ({ items, lastKey: null, consumedUnits: 1.5 }),
        serverTime: async () => NOW,
        ...parts,
      },
      // Switched on just now.
      streams: { describe: async () => ({ ...(await stream.describe(STREAM_ARN)), createdAt: NOW }) },
      destination,
      ...(signal && { signal }),
      ...props,
    });
    const run = (options: Partial<BackfillOptions> = {}, json = false) =>
      backfill(
        { ...INVOCATION, state: stateOf(), table: 'Orders', ...DEFAULTS, ...options },
        stage.dependencies,
        stage.output(json),
      );
    return { ...stage, loaded, waits, run };
  };
}

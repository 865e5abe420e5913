import { statePaths } from '../../../cli/state/state-paths.ts';
import { DeadLetterDirectory } from '../../../src/delivery/dead-letter-directory.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import { IoClock } from '../../support/clock/io-clock.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';
import type { Remade } from '../history/plan.ts';
import { isReadable } from '../world/change.ts';
import type { MemoryDatabase } from '../world/memory-database.ts';
import { lambdaRecord } from '../world/records.ts';
import { type SimulatedTable, TABLE } from '../world/table.ts';
import type { World } from '../world/world.ts';
import { Operator } from './operator.ts';
import { NAMES, remadeTable, SECOND, writeSecond } from './remade-table.ts';
import { Trial } from './trial.ts';
import { type Typed, typedAt } from './typed.ts';

/** The folders with the records of the earlier table's stream, and of the second's. */
const FILES = { earlier: 'earlier', second: 'second' };

/** Long enough for records to be readable, and for changes not to count as in flight. */
const SETTLED_MS = 15_000;

/**
 * Deletes the table of a history at rest and makes it again under its name, and has an operator try every command: first
 * over the objects of the earlier table, then after they are gone.
 */
export async function makeAgain(manner: Remade, world: World, database: MemoryDatabase): Promise<void> {
  // The commands read and write files, during which time stands still.
  using clock = new IoClock(world.scheduler.now());
  await world.warehouse.showDue();
  await clock.run(play(manner, world, { clock, database }));
}

type Stage = { readonly clock: IoClock; readonly database: MemoryDatabase };

async function play(manner: Remade, world: World, { clock, database }: Stage): Promise<void> {
  const { story, table: earlier, coverage } = world;
  const files = new Map<string, string>();
  const operator = new Operator(world, clock, files);
  const state = world.disk.folder('state');
  const trial = new Trial(world, database, clock);

  const first = { source: TABLE, table: earlier, createdAt: null, others: [] };
  const before = typedAt(operator, first, state);
  // So that its stream has a record in any case.
  earlier.put('first-1');
  await clock.sleep(SETTLED_MS);
  trial.expect('tail', await before.tail(), 0);
  await before.replayStream({ stopAfterMs: 20 });
  trial.expect('a capped backfill', await before.backfill({ maxReadUnits: 1 }), 1);
  const letters = new DeadLetterDirectory(statePaths(state).deadLetters);
  for (const text of world.letterBox.letters.values()) await letters.put(JSON.parse(text));
  await trial.begin();

  const random = seededRandom(world.seed ^ 0x5ec0d);
  const oldStream = earlier.streams.at(-1);
  const firstNumber = (oldStream?.shards[0]?.firstNumber ?? 1n) - 1n;
  earlier.disableStream();
  await clock.sleep(1_000);
  const createdAt = manner.isDated ? clock.now() : null;
  await clock.sleep(1_000);
  story.trouble('table made again', 'operator', `deletes ${TABLE.name} and makes it again`);
  const second = remadeTable(earlier, manner, { clock, story, random, firstNumber });
  if (manner.hasSameLabel) story.trouble('stream of the same label', 'stream', 'is named as the earlier one was');
  for (const [index, name] of NAMES.entries()) writeSecond(second, name, 1_000 + index);
  second.write('item-1', null);
  await clock.sleep(SETTLED_MS);
  files.set(`${FILES.earlier}/records.json`, recordsOf(earlier));
  files.set(`${FILES.second}/records.json`, recordsOf(second));

  const others = manner.hasSameLabel ? [] : earlier.streams;
  const typed = typedAt(operator, { source: SECOND, table: second, createdAt, others }, state);
  await trial.refusedOver(typed, manner, `${FILES.second}/records.json`);
  await endEarlier(manner, world, database, typed, trial);
  if (manner.end === 'removed' || random.next() < 0.5) trial.expect('setup', await typed.setup(), 0);
  else trial.expect('tail behind a drop by hand', await typed.tail(), 0);
  const foreign = async () => {
    await trial.foreignSnapshots(typed, coverage.ids);
    if (!manner.hasSameLabel) await trial.foreignRecords(typed, FILES.earlier, oldStream?.arn);
  };
  await foreign();
  const resumed = await typed.backfill();
  // A backfill of the earlier table can't be resumed.
  if (resumed.exit !== 0) trial.expect('a restarted backfill', await typed.backfill({ restart: true }), 0);
  await trial.same(second, 'after the backfill');
  await foreign();
  await followSecond(second, typed, trial, clock);
}

/** The second table is followed as any other. */
async function followSecond(second: SimulatedTable, typed: Typed, trial: Trial, clock: IoClock): Promise<void> {
  for (const [index, name] of NAMES.entries()) if (index % 2 === 0) writeSecond(second, name, 2_000 + index);
  await clock.sleep(SETTLED_MS);
  trial.expect('tail', await typed.tail(), 0);
  await trial.same(second, 'after a tail');
  trial.expect('gaps', await typed.gaps(false), 0);
  trial.expect('replay --stream', await typed.replayStream(), 0);
  writeSecond(second, 'second-3', 3_000);
  await clock.sleep(SETTLED_MS);
  trial.expect('gaps --fill', await typed.gaps(true), 1);
  await trial.same(second, 'after everything');
  trial.expect('verify', await typed.verify(false), 0);
}

async function endEarlier(
  { end }: Remade,
  { story }: World,
  database: MemoryDatabase,
  typed: Typed,
  trial: Trial,
): Promise<void> {
  if (end === 'removed') {
    story.trouble('earlier table removed', 'operator', 'removes the objects of the earlier table');
    return trial.expect('remove', await typed.remove(), 0);
  }
  story.trouble(
    'earlier table dropped by hand',
    'operator',
    'drops changelog, state and latest view, and leaves the snapshots',
  );
  const { changelog, state, latest } = objectNames(TABLE.name);
  const views = [latest, state].map((view) => `DROP VIEW ${duckdb.table(view)}`);
  await trial.work(() => database.use((session) => session.run(...views, duckdb.dropTable(changelog))));
}

/** All records of a table's newest stream, as a Lambda event. */
function recordsOf({ streams }: SimulatedTable): string {
  const stream = streams.at(-1);
  const records = (stream?.shards ?? []).flatMap((shard) => shard.records);
  const readable = records.filter(({ change }) => isReadable(change.before) && isReadable(change.after));
  return JSON.stringify({ Records: stream ? readable.map((record) => lambdaRecord(record, stream)) : [] });
}

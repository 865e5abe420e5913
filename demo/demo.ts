import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Destination } from '../src/destination/destination.ts';
import { openDestination } from '../src/destinations.ts';
import { TailraceError } from '../src/errors.ts';
import { identity } from '../src/privacy/transform.ts';
import type { Random } from '../src/random.ts';
import { AwsTableReader } from '../src/source/aws-table-reader.ts';
import { sightingOf } from '../src/source/sighting.ts';
import type { TableDescription } from '../src/source/table-reader.ts';
import { AwsStreamClient } from '../src/stream/aws-stream-client.ts';
import { dashboardsOf } from './dashboards.ts';
import type { Panel } from './panel.ts';
import { type Outcome, type Part, Play, type PlayOptions } from './play.ts';
import { type Ends, Player } from './player.ts';
import { firstItemsOf, partOf, SHOP } from './shop.ts';
import type { StagedTable } from './shop-table.ts';
import { ShopWriter } from './shop-writer.ts';
import { setStage } from './stage.ts';
import { applyTypedViews, fitOf, viewName } from './typed-views.ts';

export type DemoOptions = PlayOptions & {
  /** The user's own DynamoDB; without it the embedded server is started. */
  readonly endpointUrl?: string | undefined;
  /** Directory of the DuckDB file and the dead letters; the file of an earlier demo is replaced. */
  readonly directory: string;
  /** Orders that the shop begins with. Its other tables have items in proportion. */
  readonly items: number;
  /** Of all tables together. */
  readonly changesPerSecond: number;
  readonly random: Random;
  /** Called when all writes are visible and before the verdict: a test spoils the destination here. */
  readonly beforeVerdict?: (destination: Destination) => Promise<void>;
};

export type DemoResult = Outcome & {
  /** The DuckDB file, which stays. */
  readonly file: string;
  /** Names of the tables: as in the schema file, and where the demo played. */
  readonly tables: readonly StagedTable[];
};

/**
 * Plays the main job: a shop's tables are filled, set up, given typed views, backfilled while they are being written to,
 * followed, asked, and in the end compared with the latest views, item by item. Changes reach the destination through the
 * tables' streams alone.
 *
 * @throws {TailraceError} as what it plays with does; `interrupted` if `signal` aborts before changes are followed.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { clock, random, panel, directory } = options;
  await makeDirectory(directory);
  await using stage = await setStage(options.endpointUrl, SHOP, random);
  const { tables, clients } = stage;
  const { dynamodb, streams, endpoint } = clients;
  panel.print(`DynamoDB  ${stage.endpoint}`);
  const cast = tables.map((table) => ({ table, writer: new ShopWriter(dynamodb, table, clock, random) }));
  for (const { table, writer } of cast) {
    const items = firstItemsOf(table.shop, options.items);
    await writer.fill(items);
    panel.print(`table     ${table.name}: ${table.shop.counted(items)}, and no stream yet`);
  }

  const file = join(directory, 'shop.duckdb');
  await Promise.all([file, `${file}.wal`].map((path) => rm(path, { force: true })));
  await using destination = await openDestination(`duckdb:${file}`, { clock, random });
  const ends: Ends = {
    reader: new AwsTableReader(dynamodb, endpoint),
    streams: new AwsStreamClient(streams, endpoint),
    destination,
    deadLetters: join(directory, 'dead-letters'),
    spool: join(directory, 'backfill-rows'),
    clock,
    random,
  };
  const parts: Part[] = [];
  for (const { table, writer } of cast) {
    const player = new Player(ends, await setUp(table.name, ends, panel), writer);
    parts.push({ player, changesPerSecond: partOf(table.shop, options.changesPerSecond) });
  }
  const dashboards = dashboardsOf((declared) => viewName(declared, tables));
  // Before the backfills, whose snapshots then hold the columns beside the items.
  const typed = await applyTypedViews(tables, dashboards, destination);
  panel.print(`views     created: ${typed.names.join(', ')}`);

  await using play = new Play(options, parts);
  play.start();
  await play.backfill();
  panel.print(`views     ${await fitOf(typed, destination)}`);
  await play.follow(dashboards, destination);
  await play.rest();
  await options.beforeVerdict?.(destination);
  return { ...(await play.verify()), file, tables };
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (cause) {
    throw new TailraceError('destination-denied', `Directory ${directory} can't be made`, {
      context: { directory },
      remedy: 'Name another with --directory.',
      cause,
    });
  }
}

async function setUp(table: string, { reader, destination }: Ends, panel: Panel): Promise<TableDescription> {
  const described = await reader.describe(table);
  const seen = sightingOf(described);
  const { created } = await destination.prepare(described.table, identity.generation, { seen });
  await reader.enableStream(table);
  panel.print(`setup     ${table}: stream switched on; created: ${created.join(', ')}`);
  return reader.describe(table);
}

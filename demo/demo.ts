import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { counted } from '../cli/terminal/format.ts';
import { openDestination } from '../src/destinations.ts';
import { TailraceError } from '../src/errors.ts';
import { objectNames } from '../src/names/object-names.ts';
import { identity } from '../src/privacy/transform.ts';
import { AwsTableReader } from '../src/source/aws-table-reader.ts';
import type { TableDescription } from '../src/source/table-reader.ts';
import { AwsStreamClient } from '../src/stream/aws-stream-client.ts';
import type { Panel } from './panel.ts';
import { type Act, Play, type PlayOptions, type Verdict } from './play.ts';
import { ShopWriter } from './shop-writer.ts';
import { setStage } from './stage.ts';

export type DemoOptions = PlayOptions & {
  /** The user's own DynamoDB; without it the embedded server is started. */
  readonly endpointUrl?: string | undefined;
  /** Directory of the DuckDB file and the dead letters; the file of an earlier demo is replaced. */
  readonly directory: string;
  /** Orders that the shop begins with. */
  readonly items: number;
};

export type DemoResult = Verdict & {
  /** The DuckDB file, which stays. */
  readonly file: string;
  /** Name of the latest view in it. */
  readonly latest: string;
};

/**
 * Plays the main job: a shop's table is filled, set up, backfilled while it is being written to, followed, asked, and in
 * the end compared with the latest view, item by item. Changes reach the destination through the table's stream alone.
 *
 * @throws {TailraceError} as what it plays with does; `interrupted` if `signal` aborts before changes are followed.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { clock, random, panel, directory } = options;
  await makeDirectory(directory);
  await using stage = await setStage(options.endpointUrl, random);
  const { dynamodb, streams, endpoint } = stage.clients;
  const writer = new ShopWriter(dynamodb, stage.table, clock, random);
  panel.print(`DynamoDB  ${stage.endpoint}`);
  await writer.fill(options.items);
  panel.print(`table     ${stage.table}: ${counted(options.items, 'order')}, and no stream yet`);

  const file = join(directory, 'shop.duckdb');
  await Promise.all([file, `${file}.wal`].map((path) => rm(path, { force: true })));
  await using destination = await openDestination(`duckdb:${file}`, { clock, random });
  const reader = new AwsTableReader(dynamodb, endpoint);
  const act: Act = {
    reader,
    streams: new AwsStreamClient(streams, endpoint),
    writer,
    destination,
    deadLetters: join(directory, 'dead-letters'),
    spool: join(directory, 'backfill-rows'),
  };
  await using play = new Play(options, act, await setUp(stage.table, act, panel));
  play.start();
  await play.backfill();
  await play.follow();
  return { ...(await play.verdict()), file, latest: objectNames(stage.table).latest };
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

async function setUp(table: string, { reader, destination }: Act, panel: Panel): Promise<TableDescription> {
  const described = await reader.describe(table);
  const { created } = await destination.prepare(described.table, identity.generation);
  await reader.enableStream(table);
  panel.print(`setup     stream switched on; created: ${created.join(', ')}`);
  return reader.describe(table);
}

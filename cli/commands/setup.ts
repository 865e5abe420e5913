import { type ChangelogSettings, chosenSettings } from '../../src/changelog/storage.ts';
import type { Destination, Preparation } from '../../src/destination/destination.ts';
import { NOT_READY_MINUTES, remadeChangelogAdvice } from '../../src/destination/remade-changelog.ts';
import { requireSameTable } from '../../src/destination/same-table.ts';
import { isKind } from '../../src/errors.ts';
import { LEDGER, objectNames } from '../../src/names/object-names.ts';
import { identity } from '../../src/privacy/transform.ts';
import { isLacking } from '../../src/snapshot/publication-rule.ts';
import { sightingOf } from '../../src/source/sighting.ts';
import type { SourceTable } from '../../src/source/source-table.ts';
import type { TableDescription } from '../../src/source/table-reader.ts';
import { refuseWithoutStreams, requireStream } from '../../src/source/usable-stream.ts';
import { readCheckpoint } from '../../src/stream/checkpoint-file.ts';
import type { Dependencies } from '../dependencies.ts';
import { type Invocation, stateOf } from '../invocation.ts';
import { afterSetup, type SetUpTable } from '../next-step/after-setup.ts';
import type { ExitCode } from '../start.ts';
import { statePaths } from '../state/state-paths.ts';
import { storedDestination } from '../state/stored-destination.ts';
import { counted } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { terminalLog } from '../terminal/terminal-log.ts';
import { warnOfViewType } from '../warnings/stream-shortcomings.ts';

export type SetupOptions = Invocation & {
  readonly table: string;
  readonly enableStream: boolean;
  /** How the changelog is to be stored. */
  readonly wished: Partial<ChangelogSettings>;
  readonly dryRun: boolean;
};

/** Creates what is missing for a table. Every refusal comes before the first object is created. */
export async function setup(options: SetupOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  const { table, enableStream, wished, dryRun } = options;
  using connection = await dependencies.connect(options.aws, terminalLog(output));
  const found = await connection.tables.describe(table);
  refuseWithoutStreams(found);
  await using destination = await dependencies.openDestination(options.destination);
  // First: if the destination refuses this table, its stream must not be switched on.
  const known = await requireSameTable(found.table, destination);
  const settings = chosenSettings(table, known?.changelog, wished);
  const enabling = found.stream === null && enableStream;
  if (!enabling) requireStream(found);

  const preparation = dryRun
    ? await preview(found.table, wished, destination)
    : await create(found, wished, destination);
  const { created, recognised = [] } = preparation;
  // Last, because only this changes the user's table.
  if (enabling && !dryRun) await connection.tables.enableStream(table);
  const now = enabling && !dryRun ? await connection.tables.describe(table) : found;
  // The destination must record the stream that is on now, too.
  if (now !== found) await create(now, wished, destination);
  const { stream } = now;

  if (stream) warnOfViewType(stream, output);
  const { changelog } = objectNames(table);
  const advice = created.includes(changelog) ? remadeChangelogAdvice(options.destination, table) : null;
  if (advice) {
    output.warn(
      `${changelog} is new: for ${NOT_READY_MINUTES} minutes the function leaves all records with Lambda, and commands load rather than stream. ${advice}`,
    );
  }
  const result = {
    table,
    destination: options.destination,
    created,
    recognised,
    partition: settings.partition,
    history_days: settings.historyDays,
    stream_arn: stream?.arn ?? null,
    stream_view_type: stream?.viewType ?? 'NEW_AND_OLD_IMAGES',
    stream_enabled: enabling,
    dry_run: dryRun,
  };
  if (output.json) output.emit(result);
  else for (const line of linesOf(result)) output.print(line);
  if (dryRun || output.json) return 0;
  const next = afterSetup(await progressOf(options, now, preparation, destination));
  if (next !== null) output.report(next);
  return 0;
}

async function create(
  description: TableDescription,
  wished: SetupOptions['wished'],
  destination: Pick<Destination, 'prepare'>,
): Promise<Preparation> {
  return destination.prepare(description.table, identity.generation, { ...wished, seen: sightingOf(description) });
}

/** Finds out what {@link create} would do, and refuses what it would refuse. */
async function preview(
  table: SourceTable,
  wished: SetupOptions['wished'],
  destination: Pick<Destination, 'preview'>,
): Promise<Preparation> {
  try {
    return await destination.preview(table, identity.generation, wished);
  } catch (error) {
    if (!isKind(error, 'destination-missing')) throw error;
    const { changelog, latest } = objectNames(table.name);
    return { created: [changelog, latest, LEDGER] };
  }
}

async function progressOf(
  options: SetupOptions,
  { table, stream }: TableDescription,
  { created, recognised = [] }: Preparation,
  destination: Destination,
): Promise<SetUpTable> {
  const checkpoint = await readCheckpoint(statePaths(stateOf(options, table.name)).checkpoint);
  const isTailed =
    checkpoint?.streamArn === stream?.arn && checkpoint?.destination === storedDestination(options, destination.name);
  const { changelog, state, typed } = objectNames(table.name);
  const { objects } = await destination.ownedObjects(table.name);
  const rows = objects.find(({ name }) => name === changelog)?.rows ?? 0;
  const published = await destination.published(table);
  const keptSince = (await destination.known(table.name))?.changelog.keptSince ?? 0;
  // A changelog that was made again lacks changes that its state needs.
  const isPublished = published !== undefined && published.snapshotId !== null && !isLacking(published, keptSince);
  // A state that is made again has no typed columns.
  const isStateNew = created.includes(state) || recognised.includes(state);
  const isViewBroken = isStateNew && objects.some(({ name }) => name === typed);
  return { table: table.name, isPublished, isRead: isTailed || rows > 0, isViewBroken };
}

type Result = {
  readonly table: string;
  readonly destination: string;
  readonly created: readonly string[];
  readonly recognised: readonly string[];
  readonly partition: string;
  readonly history_days: number;
  readonly stream_view_type: string;
  readonly stream_enabled: boolean;
  readonly dry_run: boolean;
};

function linesOf({
  table,
  destination,
  created,
  recognised,
  partition,
  history_days,
  stream_view_type,
  stream_enabled,
  dry_run,
}: Result): string[] {
  return [
    created.length === 0
      ? `Everything for ${table} is in ${destination}.`
      : `${dry_run ? 'Would be created' : 'Created'} in ${destination}: ${created.join(', ')}.`,
    ...(recognised.length === 0
      ? []
      : [`Comments that an import loses ${dry_run ? 'would be' : 'were'} restored on: ${recognised.join(', ')}.`]),
    `Changelog: a history of ${counted(history_days, 'day')}, partitioned by ${partition}.`,
    stream_enabled
      ? `The stream of ${table} ${dry_run ? 'would be' : 'was'} switched on with ${stream_view_type}.`
      : `The stream of ${table} is on with ${stream_view_type}.`,
    ...(dry_run ? ['Nothing was changed.'] : []),
  ];
}

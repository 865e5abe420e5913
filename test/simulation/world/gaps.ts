import type { GapCounts, GapRange } from '../../../src/destination/gap-finder.ts';
import { nameOf } from '../../../src/errors.ts';
import { compareSequenceNumbers } from '../../../src/order/position.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { gapSource } from '../../../src/replay/gap-source.ts';
import { findGaps } from '../../../src/replay/gaps.ts';
import { describeLoss, type Loss } from '../../../src/stream/loss.ts';
import type { StreamClient } from '../../../src/stream/stream-client.ts';
import type { Change, ModelRecord, ModelStream } from './change.ts';
import type { Commands } from './commands.ts';
import type { Nap } from './process.ts';
import { deliverAll, reading } from './replay.ts';
import { TABLE } from './table.ts';
import { unnamedLosses } from './unnamed-losses.ts';
import type { World } from './world.ts';

/** How long a change may take from the table to the changelog: the command's default. */
const LAG_MS = 330_000;

/** The result of a search for gaps. */
export type GapsFound = {
  /** When the search began. */
  readonly began: number;
  readonly stream: ModelStream;
  readonly counts: GapCounts;
  /** The changes that aren't in the changelog, with their status. */
  readonly changes: ReadonlyMap<Change, GapRange['status']>;
  /** Changes after this time count as in flight. */
  readonly lagCutoff: number;
};

/**
 * Looks up the stream's changes in the changelog, and appends the missing ones where that is asked for.
 *
 * A change that it reports as missing must not have been there when it began, and must be there after a fill.
 *
 * @returns its findings, or `null` if it failed.
 */
export async function searchGaps(
  { fill, nap }: { readonly fill: boolean; readonly nap?: Nap | undefined },
  world: World,
  commands: Commands,
): Promise<GapsFound | null> {
  const { story, table, letterBox, scheduler } = world;
  const { stream } = table;
  if (!stream) return null;
  const process = commands.process('gaps', undefined, undefined, nap);
  const { name } = process;
  const began = scheduler.now();
  try {
    const letters = await letterBox.reachedBy(process).list(TABLE.name);
    const parked = new Set(letters.map((id) => id.slice(0, id.lastIndexOf('-'))));
    const options = { ...reading(world, process), streamArn: stream.arn };
    let firstAt: number | null = null;
    const known = new Set<string>();
    const client: StreamClient = {
      ...options.client,
      async describe(arn, signal) {
        const description = await options.client.describe(arn, signal);
        firstAt ??= scheduler.now();
        for (const { id } of description.shards) known.add(id);
        return description;
      },
    };
    const lagCutoff = options.startedAt - LAG_MS;
    const lost: Loss[] = [];
    const events = {
      lost: (loss: Loss) => {
        lost.push(loss);
        story.trouble('gaps names a loss', name, `reports as lost: ${describeLoss(loss)}`);
      },
    };
    await using gaps = await findGaps(
      {
        ...options,
        client,
        table: TABLE,
        destination: world.destinationOf(process),
        transform: identity,
        isParked: (number) => parked.has(number),
        lagCutoff,
        events,
        signal: process.signal,
        onProgress: () => {},
      },
      process.random.hex(16),
    );
    const { streamed, missing } = gaps.counts;
    story.trouble('gaps searched', name, `finds ${missing} of ${streamed} changes missing`);
    const changes = new Map<Change, GapRange['status']>();
    for await (const range of gaps.ranges()) {
      for (const change of changesOf(range, stream, lost, world)) changes.set(change, range.status);
    }
    const isPassed = ({ availableAt, change }: ModelRecord) => availableAt <= options.startedAt && !changes.has(change);
    for (const { id } of unnamedLosses({ stream, firstAt: firstAt ?? began, isPassed, known, lost })) {
      world.violate(`${name} is done, and change ${id} is nowhere, and it didn't name it as lost`);
    }
    for (const [{ id, visibleAt }, status] of changes) {
      if (visibleAt !== null && visibleAt <= began) world.violate(`${name} reports that change ${id} is ${status}`);
    }
    if (missing > 0) story.trouble('gaps finds a loss', name, `misses ${namesOf(changes)}`);
    if (fill && missing > 0) {
      await deliverAll(gapSource(gaps.ranges(), options, events), process, world);
      story.trouble('gaps filled', name, 'has appended what was missing');
      const left = [...changes].find(
        ([{ visibleAt, isDeadLettered }, status]) => status === 'missing' && visibleAt === null && !isDeadLettered,
      );
      if (lost.length === 0 && left) world.violate(`${name} has filled all gaps, and change ${left[0].id} is nowhere`);
    }
    return { began, stream, counts: gaps.counts, changes, lagCutoff };
  } catch (error) {
    story.tell(name, `fails: ${nameOf(error)}`);
    return null;
  }
}

/** The changes between the ends of a range, which must be as many as it counts. */
function changesOf(
  { shardId, from, to, records }: GapRange,
  stream: ModelStream,
  lost: readonly Loss[],
  world: World,
): readonly Change[] {
  const shard = stream.shards.find(({ id }) => id === shardId);
  const changes = (shard?.records ?? []).flatMap(({ number, change }) =>
    compareSequenceNumbers(from, number) <= 0 && compareSequenceNumbers(number, to) <= 0 ? [change] : [],
  );
  // A range spans what was lost in its middle.
  const isWhole = lost.every((loss) => loss.shardId !== shardId);
  if (isWhole && changes.length !== records) {
    world.violate(`gaps counts ${records} changes from ${from} to ${to} of ${shardId}, which has ${changes.length}`);
  }
  return changes;
}

function namesOf(changes: ReadonlyMap<Change, GapRange['status']>): string {
  return [...changes].map(([{ id }, status]) => `${id} ${status}`).join(', ');
}

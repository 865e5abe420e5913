import { runBackfill } from '../../../backfill/backfill.ts';
import { runVerify, type VerifyResult } from '../../../backfill/verify.ts';
import { nameOf } from '../../../src/errors.ts';
import { identity } from '../../../src/privacy/transform.ts';
import type { EarlyEnd } from '../history/plan.ts';
import { Process } from './process.ts';
import { streamsClient } from './streams-client.ts';
import { TABLE } from './table.ts';
import { type ScanManner, tableClient } from './table-client.ts';
import type { World } from './world.ts';

const FLOOR_MARGIN_MS = 5 * 60_000;

export type BackfillManner = EarlyEnd & { readonly segments: number; readonly manner: ScanManner };

/** Commands that a person types, one process each. They resolve when the command has ended, one way or the other. */
export class Commands {
  readonly #world: World;
  readonly #skewMs: number;
  #count = 0;

  constructor(world: World, skewMs: number) {
    this.#world = world;
    this.#skewMs = skewMs;
  }

  /** A new process of a person's machine. */
  process(command: string, killAfter?: number, onKilled: () => void = () => {}): Process {
    const { scheduler, story, seed } = this.#world;
    const name = `${command} ${++this.#count}`;
    if (this.#skewMs !== 0) story.trouble('clock wrong', name, `its clock is ${this.#skewMs} ms ahead`);
    return new Process(scheduler, { name, seed: seed + 7_919 * this.#count, skewMs: this.#skewMs, killAfter, onKilled });
  }

  /** Gives whether it succeeded. */
  async backfill({ segments, manner, killAfter, stopAfterMs }: BackfillManner): Promise<boolean> {
    const { scheduler, story, table, letterBox } = this.#world;
    const killed = Promise.withResolvers<boolean>();
    const process = this.process('backfill', killAfter, () => {
      story.trouble('backfill killed', process.name, 'is killed');
      killed.resolve(false);
    });
    const { name } = process;
    if (stopAfterMs !== undefined) void scheduler.sleep(stopAfterMs).then(() => process.stop());
    const reader = tableClient(table, process, { ...this.#world, manner });
    let stream: string | undefined;
    let isBroken = false;
    const destination = this.#world.destinationOf(process);
    const streams = streamsClient(table, process, this.#world);
    const work = runBackfill({
      table: TABLE.name,
      reader: {
        ...reader,
        describe: async (tableName) => {
          const description = await reader.describe(tableName);
          stream ??= description.stream?.arn;
          return description;
        },
      },
      streams,
      destination: {
        ...destination,
        publish: (source, next, expected) => {
          isBroken = table.stream?.arn !== stream;
          return destination.publish(source, next, expected);
        },
      },
      deadLetters: letterBox.reachedBy(process),
      transform: identity,
      clock: process,
      random: process.random,
      log: story.logOf(name),
      segments,
      minStreamAgeMs: 60_000,
      actor: 'simulation',
      signal: process.signal,
      onProgress: ({ phase }) => {
        if (phase === 'waiting') story.trouble('young stream', name, 'waits for the stream to grow older');
      },
    });
    story.tell(name, `starts, over ${segments} segments`);
    const done = work.then(
      ({ snapshotId, items }) => {
        story.trouble('backfill', name, `publishes ${snapshotId} with ${items} items`);
        if (isBroken) this.#world.violate(`${name} published under a stream that was switched off meanwhile`);
        if (this.#world.successes.length > 0) story.trouble('backfill again', name, 'after another one');
        this.#world.successes.push({ name, floor: (process.askedTime ?? 0) - FLOOR_MARGIN_MS, label: stream?.split('/').at(-1) ?? '' });
        return true;
      },
      (error: unknown) => {
        const kind = nameOf(error);
        if (!['Error', 'TypeError'].includes(kind)) story.trouble(`backfill: ${kind}`, name, `fails: ${kind}`);
        else this.#world.violate(`${name} fails without a name: ${String(error)}`);
        return false;
      },
    );
    return Promise.race([done, killed.promise]);
  }

  /** Verifies, and gives what it found, or `null` if it failed. */
  async verify(manner: ScanManner): Promise<VerifyResult | null> {
    const { story, table } = this.#world;
    const process = this.process('verify');
    const { name } = process;
    try {
      const result = await runVerify({
        table: TABLE.name,
        reader: tableClient(table, process, { ...this.#world, manner }),
        destination: this.#world.destinationOf(process),
        transform: identity,
        clock: process,
        random: process.random,
        segments: 2,
        signal: process.signal,
      });
      const findings = result.findings.map(({ key, finding }) => `${key} ${finding}`).join(', ');
      story.tell(name, `says ${result.verdict}${findings === '' ? '' : `: ${findings}`}`);
      return result;
    } catch (error) {
      story.trouble('verify failed', name, `fails: ${nameOf(error)}`);
      return null;
    }
  }
}

import { type CollectedVerify, collectFindings } from '../../../backfill/verify/verify.ts';
import { nameOf } from '../../../src/errors.ts';
import { identity } from '../../../src/privacy/transform.ts';
import { Backfills } from './backfills.ts';
import { type Nap, Process } from './process.ts';
import { TABLE } from './table.ts';
import { type ScanManner, tableClient } from './table-client.ts';
import type { World } from './world.ts';

/** Commands that an operator types, a process each. They resolve when the command has ended, whether it succeeded or failed. */
export class Commands {
  readonly #world: World;
  readonly backfills: Backfills;
  #count = 0;

  constructor(world: World) {
    this.#world = world;
    this.backfills = new Backfills(world, this);
  }

  /** A new process of the operator's machine. */
  process(command: string, crashAfter?: number, onCrash: () => void = () => {}, nap?: Nap): Process {
    const { scheduler, story, seed, clocks } = this.#world;
    const name = `${command} ${++this.#count}`;
    const ahead = clocks.ahead('operator');
    if (ahead !== 0) story.trouble('clock wrong', name, `its clock is ${ahead} ms ahead`);
    return new Process(scheduler, {
      name,
      seed: seed + 7_919 * this.#count,
      ahead: () => clocks.ahead('operator'),
      crashAfter,
      onCrash,
      nap,
      onNap: () => story.trouble('command asleep for a day', name, 'sleeps with its machine'),
    });
  }

  /** Runs `verify`. Gives its result, or `null` if it failed. */
  async verify(manner: ScanManner): Promise<CollectedVerify | null> {
    const { story, table } = this.#world;
    const process = this.process('verify');
    const { name } = process;
    try {
      const result = await collectFindings({
        table: TABLE.name,
        reader: tableClient(table, process, { ...this.#world, manner }),
        destination: this.#world.destinationOf(process),
        transform: identity,
        clock: process,
        random: process.random,
        segments: 2,
        spool: this.#world.disk.folder('verify-rows'),
        signal: process.signal,
      });
      const findings = result.findings.map(({ key, finding }) => `${key} ${finding}`).join(', ');
      story.tell(name, `reports ${result.verdict}${findings === '' ? '' : `: ${findings}`}`);
      return result;
    } catch (error) {
      story.tell(name, `fails: ${nameOf(error)}`);
      return null;
    }
  }
}

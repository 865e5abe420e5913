import { isDeepStrictEqual } from 'node:util';
import type { ErrorKind } from '../../../src/errors.ts';
import { canonicalJson } from '../../../src/value/canonical-json.ts';
import type { IoClock } from '../../support/clock/io-clock.ts';
import { latestItems } from '../history/oracle.ts';
import type { Remade } from '../history/plan.ts';
import { keyOf } from '../world/change.ts';
import type { MemoryDatabase } from '../world/memory-database.ts';
import type { SimulatedTable } from '../world/table.ts';
import type { World } from '../world/world.ts';
import type { End } from './operator.ts';
import type { Typed } from './typed.ts';

/** Judges the commands where a table was made again: nothing of one table may get into the other. */
export class Trial {
  readonly #world: World;
  readonly #database: MemoryDatabase;
  readonly #clock: IoClock;
  /** The items that the view showed of the earlier table. */
  #earlier: ReadonlyMap<string, string> = new Map();

  constructor(world: World, database: MemoryDatabase, clock: IoClock) {
    this.#world = world;
    this.#database = database;
    this.#clock = clock;
  }

  /** Records the items that the view shows of the earlier table. */
  async begin(): Promise<void> {
    this.#earlier = await this.#shown();
  }

  work<T>(work: () => Promise<T>): Promise<T> {
    return this.#clock.work(work);
  }

  expect(what: string, { exit, kind }: End, expected: End['exit']): void {
    if (exit !== expected) this.#world.violate(`${what} exits with ${exit} (${kind}), not with ${expected}`);
  }

  /** Every command that would read the second table must refuse, and leave the objects of the earlier one. */
  async refusedOver(typed: Typed, { hasSameLabel }: Remade, file: string): Promise<void> {
    const commands: Readonly<Record<string, () => Promise<End>>> = {
      setup: typed.setup,
      gaps: () => typed.gaps(false),
      'gaps --fill': () => typed.gaps(true),
      'replay --stream': typed.replayStream,
      tail: typed.tail,
      backfill: typed.backfill,
      'backfill --restart': () => typed.backfill({ restart: true }),
      verify: () => typed.verify(false),
      'verify --repair': () => typed.verify(true),
    };
    for (const [name, type] of Object.entries(commands)) {
      this.#refused(`${name} over an earlier table`, await type(), ['destination-conflict']);
      await this.#untouched(name);
    }
    this.#world.story.trouble('refused for an earlier table', 'operator', 'is refused every command');
    // Only the stream's label tells a file's records from an earlier table's.
    if (hasSameLabel) return;
    this.#left('replay --file over an earlier table', await typed.replayFile(file));
    await this.#untouched('replay --file');
  }

  /** A snapshot of the earlier table may never be published again. */
  async foreignSnapshots(typed: Typed, ids: readonly string[]): Promise<void> {
    const { story } = this.#world;
    const shown = await this.#shown();
    const kinds: readonly ErrorKind[] = ['usage-invalid', 'destination-conflict'];
    this.#refused('rollback behind an earlier table', await typed.rollback(), kinds);
    for (const id of ids) this.#refused(`publish of ${id}, of an earlier table,`, await typed.publish(id), kinds);
    story.trouble('snapshot of an earlier table refused', 'operator', `is refused ${ids.length} snapshots`);
    await this.#shows(shown, 'a snapshot of the earlier table was refused');
  }

  /** Records of the earlier table are left, wherever they lie. */
  async foreignRecords(typed: Typed, directory: string, streamArn: string | undefined): Promise<void> {
    const { story } = this.#world;
    const shown = await this.#shown();
    this.#left("replay --file of an earlier table's records", await typed.replayFile(`${directory}/records.json`));
    this.#left("replay --file of an earlier table's folder", await typed.replayFile(directory));
    await typed.replayLetters();
    if (streamArn !== undefined) {
      const kinds: readonly ErrorKind[] = ['record-foreign', 'stream-missing'];
      this.#refused("replay of the earlier table's stream", await typed.replayStream({ streamArn }), kinds);
    }
    story.trouble('records of an earlier table left', 'operator', 'replays records of the earlier table');
    await this.#shows(shown, 'records of the earlier table were replayed');
  }

  /** The view must show the table, item by item. */
  async same({ items }: SimulatedTable, when: string): Promise<void> {
    const expected = new Map([...items].map(([name, item]) => [keyOf(name), canonicalJson(item, 'Item')]));
    await this.#shows(expected, when);
  }

  #refused(what: string, { exit, kind }: End, kinds: readonly ErrorKind[]): void {
    if (exit === 2 && kind !== null && kinds.includes(kind)) return;
    this.#world.violate(`${what} exits with ${exit} (${kind}), and should have been refused`);
  }

  /** A replay must leave records, and report so by its exit code. */
  #left(what: string, { exit }: End): void {
    if (exit === 0) this.#world.violate(`${what} exits with 0, and should have left records`);
  }

  async #untouched(after: string): Promise<void> {
    await this.#shows(this.#earlier, `${after} was refused over an earlier table`);
  }

  async #shows(expected: ReadonlyMap<string, string>, when: string): Promise<void> {
    const shown = await this.#shown();
    if (isDeepStrictEqual(new Map([...shown].toSorted()), new Map([...expected].toSorted()))) return;
    const keys = new Set([...shown.keys(), ...expected.keys()]);
    const wrong = [...keys].filter((key) => shown.get(key) !== expected.get(key));
    this.#world.violate(`the latest view is wrong at ${wrong.join(', ')} when ${when}`);
  }

  #shown(): Promise<ReadonlyMap<string, string>> {
    return this.#clock.work(() => latestItems(this.#database));
  }
}

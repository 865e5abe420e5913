import type { Connection, Dependencies } from '../../../cli/dependencies.ts';
import type { ExitCode } from '../../../cli/start.ts';
import type { Output } from '../../../cli/terminal/output.ts';
import type { Destination } from '../../../src/destination/destination.ts';
import { type ErrorKind, nameOf, TailraceError } from '../../../src/errors.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { StreamClient } from '../../../src/stream/stream-client.ts';
import type { IoClock } from '../../support/clock/io-clock.ts';
import { memoryFiles } from '../../support/memory/files.ts';
import { loudFake } from '../../support/memory/loud-fake.ts';
import { Process } from '../world/process.ts';
import { storyOutput } from '../world/story-output.ts';
import { streamsClient } from '../world/streams-client.ts';
import type { SimulatedTable } from '../world/table.ts';
import { tableClient } from '../world/table-client.ts';
import type { World } from '../world/world.ts';

/** A table as DynamoDB shows it now. */
export type Shown = {
  readonly source: SourceTable;
  readonly table: SimulatedTable;
  readonly createdAt: number | null;
  /** Readable streams that aren't its own: a deleted table's, for a day. */
  readonly others: SimulatedTable['streams'];
};

/** How a command ended; `kind` is that of its error. */
export type End = { readonly exit: ExitCode; readonly kind: ErrorKind | null };

type Command = (dependencies: Dependencies, output: Output) => Promise<ExitCode>;

/** An operator who runs the commands themselves, when everything else is at rest. */
export class Operator {
  readonly #world: World;
  readonly #clock: IoClock;
  readonly #files: ReadonlyMap<string, string>;
  readonly #destination: Destination;
  #count = 0;

  /** @param files The files that can be replayed, by path. */
  constructor(world: World, clock: IoClock, files: ReadonlyMap<string, string>) {
    this.#world = world;
    this.#clock = clock;
    this.#files = files;
    this.#destination = clock.watch(destinationOf(world));
  }

  /**
   * Runs a command to its end.
   *
   * @param stopAfterMs When Ctrl-C comes, from the first look at the stream on; `undefined` for never.
   */
  async run(name: string, shown: Shown, command: Command, stopAfterMs?: number): Promise<End> {
    const { story, seed } = this.#world;
    const who = `${name} ${++this.#count}`;
    const process = new Process(this.#clock, { name: who, seed: seed + 104_729 * this.#count });
    // The path of a history's disk differs from one play to the next.
    const tell = (text: string) => story.tell(who, text.replaceAll(this.#world.disk.folder(''), ''));
    const output = storyOutput(tell);
    try {
      const exit = await command(this.#dependencies(process, shown, stopAfterMs), output);
      story.tell(who, `exits with ${exit}`);
      return { exit, kind: null };
    } catch (error) {
      story.tell(who, `fails: ${nameOf(error)}`);
      if (error instanceof TailraceError) return { exit: 2, kind: error.kind };
      this.#world.violate(`${who} fails without an error kind: ${error instanceof Error ? error.stack : error}`);
      return { exit: 2, kind: null };
    }
  }

  #dependencies(process: Process, shown: Shown, stopAfterMs: number | undefined): Dependencies {
    const { tables, streams } = this.#clients(process, shown);
    let isStopping = stopAfterMs === undefined;
    const describe: StreamClient['describe'] = (...asked) => {
      if (!isStopping) void this.#clock.sleep(stopAfterMs ?? 0).then(() => process.stop());
      isStopping = true;
      return streams.describe(...asked);
    };
    const source: Connection = { tables, streams: { ...streams, describe }, ...LOCAL, [Symbol.dispose]: () => {} };
    return loudFake<Dependencies>('Dependencies', {
      clock: this.#clock,
      random: process.random,
      signal: process.signal,
      actor: 'simulation',
      connect: async () => source,
      openDestination: async () => this.#destination,
      files: memoryFiles(this.#files),
      readText: () => Promise.reject(new Error('No file was expected to be read')),
      openDeadLetterBucket: () => Promise.reject(new Error('No bucket was expected to be opened')),
      confirm: () => Promise.reject(new Error('No question was expected')),
    });
  }

  #clients(process: Process, { source, table, createdAt, others }: Shown): Pick<Connection, 'tables' | 'streams'> {
    const { story, faults } = this.#world;
    const parts = { scheduler: this.#clock, story, faults };
    const tables = tableClient(table, process, { ...parts, manner: { pageItems: 3, pageMs: 20 } });
    return {
      tables: {
        ...tables,
        describe: async (name) => ({ ...(await tables.describe(name)), table: source, createdAt }),
      },
      streams: streamsClient({ streams: [...table.streams, ...others], news: table.news }, process, parts),
    };
  }
}

const LOCAL = { countMappings: async () => null, isLocal: true };

/** The warehouse's store without its front, with the history's ledger. */
function destinationOf({ warehouse }: World): Destination {
  const { store, ledger } = warehouse;
  const own: Partial<Destination> = {
    record: async (event) => void ledger.push(event),
    ledger: async ({ name }) => ledger.filter(({ tableName }) => tableName === name),
    [Symbol.asyncDispose]: async () => {},
  };
  return new Proxy<Destination>(store, {
    get(_, name) {
      if (name in own) return Reflect.get(own, name);
      const member: unknown = Reflect.get(store, name, store);
      return typeof member === 'function' ? member.bind(store) : member;
    },
  });
}

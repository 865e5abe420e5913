import type { Connection, Dependencies } from '../../../cli/dependencies.ts';
import { main } from '../../../cli/main.ts';
import { createOutput } from '../../../cli/terminal/output.ts';
import { watchStdout } from '../../../cli/terminal/watch-stdout.ts';
import type { Clock } from '../../../src/clock.ts';
import type { DeadLetterStore } from '../../../src/delivery/dead-letter.ts';
import type { Destination } from '../../../src/destination/destination.ts';
import type { FailedBatches } from '../../../src/replay/failed-batch.ts';
import type { AwsSettings } from '../../../src/source/aws-endpoints.ts';
import type { TableReader } from '../../../src/source/table-reader.ts';
import type { StreamClient } from '../../../src/stream/stream-client.ts';
import { fixedClock } from '../clock/simple-clocks.ts';
import { memoryFiles } from '../memory/files.ts';
import { loudFake } from '../memory/loud-fake.ts';
import { RecordingStream } from '../memory/recording-stream.ts';
import { STORAGE } from '../values/shop.ts';
import { diagnostic } from '../vitest/diagnostics.ts';

/** What a command can use in a test. Everything else must not be touched. */
export type Props = {
  readonly destination?: Partial<Destination>;
  readonly tables?: Partial<TableReader>;
  readonly streams?: Partial<StreamClient>;
  /** The dead letters of any bucket. */
  readonly deadLetters?: DeadLetterStore;
  /** How many Lambdas read any stream; `null` if that can't be asked. */
  readonly mappings?: number | null;
  /** The failed batches of any bucket or queue. */
  readonly failedBatches?: FailedBatches;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** @default a clock that stands still at `now` */
  readonly clock?: Clock;
  /** Milliseconds since the epoch. */
  readonly now?: number;
  readonly signal?: AbortSignal;
  /** A person's answer; `undefined` if there is no person to ask. */
  readonly answer?: boolean;
  /** @default true */
  readonly isLocal?: boolean;
  /** Whether a local server is there for a command that needs none. @default false */
  readonly isAsked?: boolean;
  /** The folder with the state of all tables. @default '.tailrace' */
  readonly stateHome?: string;
  /** Columns of the terminal that shows stdout; without, stdout is a file. */
  readonly width?: number | undefined;
  /** The words that start Tailrace. @default 'tailrace' */
  readonly launcher?: string;
  /** Whether a person sees stderr on a terminal. @default false */
  readonly isTerminal?: boolean;
};

/** Runs a command without a process, a network or a destination. */
export function commandStage(props: Props = {}) {
  const {
    destination,
    tables,
    streams,
    deadLetters,
    mappings = null,
    failedBatches,
    files = {},
    env = {},
    now = 0,
    clock = fixedClock(now),
    signal,
  } = props;
  const stdout = new RecordingStream({ isTTY: props.width !== undefined, columns: props.width });
  const stderr = new RecordingStream({ isTTY: props.isTerminal ?? false, onWrite: diagnostic });
  /** Files that were written, by path. */
  const written = new Map<string, string>();
  /** What was opened, connected to and closed, in order. */
  const doings: string[] = [];
  const dependencies: Dependencies = {
    clock,
    random: { next: () => 0.5, hex: (digits) => 'a'.repeat(digits) },
    signal: signal ?? new AbortController().signal,
    actor: 'someone@somewhere',
    async connect(settings: AwsSettings): Promise<Connection> {
      if (!tables && !streams) throw new Error('No connection to AWS was expected');
      doings.push(`connect ${JSON.stringify(settings)}`);
      return {
        tables: loudFake<TableReader>('tables', tables ?? {}),
        streams: loudFake<StreamClient>('streams', streams ?? {}),
        countMappings: async () => mappings,
        isLocal: props.isLocal ?? true,
        [Symbol.dispose]: () => void doings.push('disconnect'),
      };
    },
    connectLocally: async (settings) => (props.isAsked === true ? dependencies.connect(settings) : null),
    async openDestination(name: string, { maxBytesBilled } = {}) {
      if (!destination) throw new Error('No destination was expected to be opened');
      doings.push(`open ${name}${maxBytesBilled === undefined ? '' : ` for ${maxBytesBilled} bytes`}`);
      return loudFake<Destination>('destination', {
        name,
        known: async (tableName) => {
          const source = (await destination.sources?.())?.find(({ name: known }) => known === tableName);
          return source && { source, seen: null, changelog: STORAGE };
        },
        [Symbol.asyncDispose]: async () => void doings.push('close'),
        ...destination,
      });
    },
    async openDeadLetterBucket({ bucket, prefix }) {
      if (!deadLetters) throw new Error('No bucket was expected to be opened');
      doings.push(`open s3://${bucket}/${prefix}`);
      return Object.assign(deadLetters, { [Symbol.dispose]: () => void doings.push('close') });
    },
    async openFailedBatches(place) {
      if (!failedBatches) throw new Error('No bucket or queue was expected to be opened');
      doings.push(`open ${JSON.stringify(place)}`);
      return Object.assign(failedBatches, { [Symbol.dispose]: () => void doings.push('close') });
    },
    async confirm(question) {
      doings.push(`ask ${question}`);
      return props.answer ?? null;
    },
    async readText(path: string) {
      const text = files[path];
      if (text === undefined) throw new Error(`${path} was not expected to be read`);
      return text;
    },
    async writeText(path: string, text: string) {
      written.set(path, text);
    },
    findStateHome: () => props.stateHome ?? '.tailrace',
    files: memoryFiles(new Map(Object.entries(files))),
    async listFiles(directory: string) {
      const inside = Object.keys(files).filter((path) => path.startsWith(`${directory}/`));
      return inside.map((path) => path.slice(directory.length + 1));
    },
  };
  const terminal = {
    stdout,
    stderr,
    env,
    clock,
    isForeground: () => true,
    launcher: props.launcher ?? 'tailrace',
    platform: 'linux',
  } as const;
  return {
    dependencies,
    stdout,
    stderr,
    doings,
    written,
    output: (json = false) => createOutput(terminal, watchStdout(terminal).closed, json, (text) => text),
    /** Runs `tailrace` with these arguments, and gives its exit code. */
    tailrace: (...args: readonly string[]) => main(args, terminal, async () => dependencies),
  };
}

/** The options of every command. */
export const INVOCATION = { destination: 'duckdb:test.duckdb', aws: {}, state: undefined } as const;

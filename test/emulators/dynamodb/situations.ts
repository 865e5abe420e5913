import { lastObject } from '../../support/process/tailrace-process.ts';
import type { Bench, KeyTypes } from './bench.ts';

/** The outcome of a command: `works`, or its stderr. */
export type Outcome = string;

export type Situation = {
  /** As the table in docs/development-servers.md names it. */
  readonly name: string;
  /** Restarts the server on the same port, with nothing in it. */
  play(bench: Bench, restart: () => Promise<void>): Promise<Outcome>;
};

const S = ['S'] as const;

/** What people do with a local server, each in its own table. */
export const SITUATIONS: readonly Situation[] = [
  {
    name: '`setup --enable-stream`',
    play: async (bench) => {
      await bench.createTable('setup', S, { stream: false });
      return outcome(await bench.tailrace('setup', 'setup', '--enable-stream', '--json'));
    },
  },
  { name: '`backfill`, `tail`, `verify`, `gaps`, `replay --stream`', play: (bench) => mainJob(bench, 'main', S) },
  { name: 'keys of type N, with a sort key', play: (bench) => mainJob(bench, 'number', ['N', 'N']) },
  {
    name: 'keys of type B, with `--segments 1`',
    play: (bench) => mainJob(bench, 'binary', ['B'], ['--segments', '1']),
  },
  {
    name: 'the stream off and on again',
    play: async (bench) => {
      const first = await begin(bench, 'switched', S);
      if (first !== 'works') return first;
      await bench.switchStreamOff('switched');
      const refusal = await bench.put('switched', 3, S, 1).catch((error: unknown) => error);
      if (refusal !== undefined) return 'the server takes no writes any more';
      const again = await bench.tailrace('setup', 'switched', '--enable-stream', '--json');
      return again.code === 0 ? follow(bench, 'switched', S) : outcome(again);
    },
  },
  {
    name: 'the table deleted and created again',
    play: async (bench) => {
      const first = await begin(bench, 'again', S);
      if (first !== 'works') return first;
      await bench.deleteTable('again');
      return madeAgain(bench, 'again');
    },
  },
  {
    name: 'the server restarted, with nothing kept',
    play: async (bench, restart) => {
      const first = await begin(bench, 'restarted', S);
      if (first !== 'works') return first;
      await restart();
      return madeAgain(bench, 'restarted');
    },
  },
];

/** Sets up, backfills, follows and verifies a table that is written to. */
async function mainJob(bench: Bench, table: string, keys: KeyTypes, how: readonly string[] = []): Promise<Outcome> {
  const begun = await begin(bench, table, keys, how);
  return begun === 'works' ? follow(bench, table, keys, how) : begun;
}

/** Sets up and backfills a table with items. */
async function begin(bench: Bench, table: string, keys: KeyTypes, how: readonly string[] = []): Promise<Outcome> {
  await bench.createTable(table, keys, { stream: true });
  for (let index = 0; index < 10; index++) await bench.put(table, index, keys, 0);
  const setup = await bench.tailrace('setup', table, '--json');
  return setup.code === 0 ? outcome(await bench.tailrace('backfill', table, ...how, '--json')) : outcome(setup);
}

/** Delivers changes by tail, and checks by every other command that they have arrived. */
async function follow(bench: Bench, table: string, keys: KeyTypes, how: readonly string[] = []): Promise<Outcome> {
  for (let index = 0; index < 5; index++) await bench.put(table, index, keys, Date.now() + index);
  await bench.remove(table, 7, keys);
  await bench.put(table, 7, keys, Date.now());
  await bench.remove(table, 9, keys);
  const followed = await bench.tail(table, 5);
  if (followed.code !== 0) return outcome(followed);
  const steps = [
    ['verify', table, ...how],
    ['gaps', table],
    ['replay', table, '--stream'],
    ['verify', table, ...how],
  ];
  for (const args of steps) {
    const ended = await bench.tailrace(...args, '--json');
    if (ended.code !== 0) return outcome(ended);
  }
  return 'works';
}

/** Creates a table of the same name with other items: none of the first one's may be shown. */
async function madeAgain(bench: Bench, table: string): Promise<Outcome> {
  await bench.createTable(table, S, { stream: true });
  for (let index = 20; index < 30; index++) await bench.put(table, index, S, 1);
  for (const command of ['setup', 'tail', 'backfill', 'gaps']) {
    const refused = await bench.tailrace(command, table, '--json');
    // The remedy names the command as this one was started: by its file.
    const isNamed = refused.stderr.includes(`tailrace.js remove ${table}`);
    if (refused.code === 0 || !isNamed) return `${command}: ${outcome(refused)}`;
  }
  for (const args of [
    ['remove', table, '--yes'],
    ['setup', table],
    ['backfill', table],
  ]) {
    const ended = await bench.tailrace(...args, '--json');
    if (ended.code !== 0) return outcome(ended);
  }
  return follow(bench, table, S);
}

type Ended = Awaited<ReturnType<Bench['tailrace']>>;

/** `works`, or the message of a refusal, or the summary of what was found. */
function outcome(ended: Ended): Outcome {
  if (ended.code === 0) return 'works';
  const line = ended.stderr.trimEnd().split('\n').at(-1) ?? '';
  const error: unknown = line.startsWith('{') ? JSON.parse(line) : ended.stdout === '' ? line : lastObject(ended);
  return typeof error === 'string' ? error : JSON.stringify(error);
}

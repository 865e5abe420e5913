import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandStage } from '../../../support/stages/command-stage.ts';
import { tableDescription } from '../../../support/stream/table-description.ts';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'tailrace-same-'));
});
afterEach(() => rm(state, { recursive: true }));

const COMMANDS = [
  ['setup'],
  ['setup', '--enable-stream'],
  ['setup', '--dry-run'],
  ['backfill'],
  ['backfill', '--dry-run'],
  ['backfill', '--restart', '--yes'],
  ['tail'],
  ['gaps'],
  ['gaps', '--fill'],
  ['replay', '--stream'],
  ['replay', '--stream', '--dry-run'],
  ['replay', '--shard', 'shardId-00000001'],
  ['verify'],
  ['verify', '--sample', '1'],
  ['verify', '--repair'],
];

const { table } = tableDescription();
const OTHERS = [
  ['deleted and created again', { ...table, tableId: 'of the earlier table' }],
  ['of another region', { ...table, arn: table.arn.replace('eu-central-1', 'eu-west-1') }],
] as const;

/** With the stream off, as a table that was created again mostly has it: no command may send a person to switch it on. */
const STREAMS = [['on'], ['off']] as const;

test.each(
  COMMANDS.flatMap((args) =>
    OTHERS.flatMap(([which, kept]) => STREAMS.map(([on]) => [args, on, which, kept] as const)),
  ),
)(
  '%j, the stream %s, writes nothing where the destination keeps a table that was %s, and names what ends it',
  async ([command = '', ...options], on, _, kept) => {
    const stage = commandStage({
      tables: { describe: async () => tableDescription(on === 'off' ? { stream: null } : {}) },
      destination: { sources: async () => [kept] },
    });

    const args = [command, 'Orders', ...options, '--destination', 'duckdb:test.duckdb', '--state', state];
    expect(await stage.tailrace(...args)).toBe(2);

    expect(stage.stderr.lines.at(-1)).toContain('`tailrace remove Orders --destination duckdb:test.duckdb');
    expect(stage.stderr.lines.at(-1)).toContain(
      'then `tailrace setup Orders --enable-stream --destination duckdb:test.duckdb',
    );
    expect(stage.stdout.text).toBe('');
    expect(await readdir(state)).toEqual([]);
  },
);

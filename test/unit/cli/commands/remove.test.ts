import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OwnedObject, OwnedObjects } from '../../../../src/destination/table-removal.ts';
import { TailraceError } from '../../../../src/errors.ts';
import { newCheckpoint } from '../../../../src/stream/checkpoint.ts';
import { encodeCheckpoint } from '../../../../src/stream/checkpoint-format.ts';
import { commandStage } from '../../../support/stages/command-stage.ts';
import { STREAM_ARN } from '../../../support/stream/record.ts';
import { deadLetter } from '../../../support/values/dead-letter.ts';

const TO = 'duckdb:test.duckdb';
const OBJECTS: readonly OwnedObject[] = [
  { name: 'Orders_latest', kind: 'view', rows: null },
  { name: 'Orders_snapshot_20260304t050601zab01', kind: 'table', rows: 2 },
  { name: 'Orders_changelog', kind: 'table', rows: 1_200 },
];

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'tailrace-remove-'));
});
afterEach(() => rm(state, { recursive: true }));

function stageOf({ owned = {}, answer }: { owned?: Partial<OwnedObjects> | TailraceError; answer?: boolean } = {}) {
  const dropped: string[] = [];
  const stage = commandStage({
    ...(answer !== undefined && { answer }),
    destination: {
      async ownedObjects() {
        if (owned instanceof TailraceError) throw owned;
        return { objects: OBJECTS, left: [], hasLedger: false, ...owned };
      },
      dropObject: async (_table, { name }) => void dropped.push(name),
    },
  });
  const remove = (...options: readonly string[]) =>
    stage.tailrace('remove', 'Orders', ...options, '--destination', TO, '--state', state);
  return { ...stage, dropped, remove };
}

describe('remove', () => {
  test('asks by the objects and their rows, and drops them in their order', async () => {
    const stage = stageOf({ answer: true });

    expect(await stage.remove()).toBe(0);

    const [question = ''] = stage.doings.filter((doing) => doing.startsWith('ask '));
    for (const words of ['view Orders_latest', '(2 rows)', 'Orders_changelog (1,200 rows)', TO]) {
      expect(question).toContain(words);
    }
    expect(stage.dropped).toEqual(OBJECTS.map(({ name }) => name));
    expect(stage.stdout.lines[0]).toMatch(/^Dropped from duckdb:test\.duckdb: view Orders_latest, .*1,200 rows\)\.$/);
    expect(stage.stdout.lines.at(-1)).toMatch(
      /^To start over: `tailrace setup Orders --enable-stream --destination .*`\.$/,
    );
  });

  test('drops nothing where the answer is no', async () => {
    const stage = stageOf({ answer: false });

    expect(await stage.remove()).toBe(1);

    expect(stage.dropped).toEqual([]);
  });

  test('drops nothing without a terminal, unless --yes is given', async () => {
    const stage = stageOf();
    await writeFile(join(state, 'tail.json'), encodeCheckpoint(newCheckpoint(STREAM_ARN, TO)));

    expect(await stage.remove()).toBe(2);
    expect(stage.dropped).toEqual([]);
    expect(await readdir(state)).toEqual(['tail.json']);
    expect(stage.stderr.lines.at(-1)).toContain('Orders_changelog (1,200 rows)');
    expect(stage.stderr.lines.at(-1)).toContain(
      `\`tailrace remove Orders --destination duckdb:test.duckdb --state ${state} --yes\``,
    );

    expect(await stage.remove('--yes')).toBe(0);
    expect(stage.dropped).toHaveLength(3);
  });

  test('with --dry-run reports the same, does nothing, and asks nothing', async () => {
    const stage = stageOf({ answer: true });
    await writeFile(join(state, 'tail.json'), encodeCheckpoint(newCheckpoint(STREAM_ARN, TO)));

    expect(await stage.remove('--dry-run')).toBe(0);

    expect(stage.dropped).toEqual([]);
    expect(stage.doings.join()).not.toContain('ask ');
    expect(await readdir(state)).toEqual(['tail.json']);
    expect(stage.stdout.lines).toEqual([
      expect.stringMatching(/^Would be dropped from .*Orders_changelog/),
      `Would be removed: ${join(state, 'tail.json')}.`,
      'Nothing was changed.',
    ]);
  });

  test('gives a script one object', async () => {
    const stage = stageOf();

    await stage.remove('--yes', '--json');

    expect(stage.stdout.lines.map((line) => JSON.parse(line))).toEqual([
      {
        table: 'Orders',
        destination: TO,
        dropped: OBJECTS,
        marked: 0,
        removed_progress: [],
        left: [],
        dead_letters: 0,
        dead_letter_location: null,
        dry_run: false,
      },
    ]);
  });

  test('of a table that is gone already is no failure', async () => {
    for (const owned of [{ objects: [] }, new TailraceError('destination-missing', 'There is no such file')]) {
      const stage = stageOf({ owned });
      expect(await stage.remove()).toBe(0);
      expect(stage.stdout.lines[0]).toBe(`Nothing of Orders is in ${TO}.`);
    }
  });

  test('names what it leaves because Tailrace did not make it, exit code 1', async () => {
    const stage = stageOf({ owned: { left: ['Orders_latest'] } });

    expect(await stage.remove('--yes')).toBe(1);

    expect(stage.stderr.text).toContain('Orders_latest is left: Tailrace did not make it');
  });

  test('removes the progress of this table into this destination, and nothing else', async () => {
    const elsewhere = STREAM_ARN.replace('/Orders/', '/Others/');
    const write = (name: string, text: string) => writeFile(join(state, name), text);
    const checkpoint = (arn: string, to: string) => encodeCheckpoint(newCheckpoint(arn, to));
    await write('tail.json', checkpoint(STREAM_ARN, TO));
    await write('tail.json.2026-01-01T00_00_00.000', checkpoint(STREAM_ARN, TO));
    await write('replay-stream.json', checkpoint(STREAM_ARN, TO));
    await write('replay-a-start-end.json', checkpoint(STREAM_ARN, 'duckdb:other.duckdb'));
    await write('replay-b-start-end.json', checkpoint(elsewhere, TO));
    await write('replay-c-start-end.json', '{');
    await write('notes.json', '{}');
    const stage = stageOf();

    expect(await stage.remove('--yes')).toBe(1);

    expect((await readdir(state)).sort()).toEqual([
      'notes.json',
      'replay-a-start-end.json',
      'replay-b-start-end.json',
      'replay-c-start-end.json',
    ]);
    expect(stage.stderr.text).toContain(`${join(state, 'replay-c-start-end.json')} is left: it can't be read`);
  });

  test('never removes dead letters: reports how many stay, where, and what shows and removes them', async () => {
    const letters = join(state, 'dead-letters');
    await mkdir(letters);
    await writeFile(join(letters, '42-0123456789abcdef.json'), JSON.stringify(deadLetter()));
    const stage = stageOf();

    expect(await stage.remove('--yes')).toBe(0);

    expect(existsSync(join(letters, '42-0123456789abcdef.json'))).toBe(true);
    const line = stage.stdout.lines.find((line) => line.includes('dead letter')) ?? '';
    expect(line).toContain(`1 dead letter stays in ${letters}`);
    expect(line).toContain('`tailrace dead-letters list Orders --destination');
    expect(line).toContain('`tailrace dead-letters remove Orders --all --yes --destination');
  });

  test('reports before and after what to do about a function that delivers to BigQuery', async () => {
    const stage = stageOf({ answer: true });

    await stage.tailrace('remove', 'Orders', '--destination', 'bigquery:my-project.shop', '--state', state);

    expect(stage.doings.join()).toContain('switch the mapping off before');
    expect(stage.stdout.text).toContain('switch the mapping off before');
  });
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeadLetter } from '../../../../src/delivery/dead-letter.ts';
import { DeadLetterDirectory } from '../../../../src/delivery/dead-letter-directory.ts';
import { TailraceError } from '../../../../src/errors.ts';
import { MemoryChangelog } from '../../../support/memory/changelog.ts';
import { MemoryLetters } from '../../../support/memory/dead-letters.ts';
import { commandStage, type Props } from '../../../support/stages/command-stage.ts';
import { ORDERS, STREAM_ARN, streamRecord } from '../../../support/stream/record.ts';
import { deadLetter } from '../../../support/values/dead-letter.ts';

const CARTS = STREAM_ARN.replace('/Orders/', '/Carts/');
const REFUSED_AGAIN = deadLetter({ record: streamRecord({ operation: 'FOOBAR', newImage: { id: { S: 'planted' } } }) });

/** Runs `tailrace dead-letters …` with these letters in a bucket. */
function setUp(letters: Readonly<Record<string, DeadLetter | string>>, props: Props = {}) {
  const store = new MemoryLetters(letters);
  const changelog = new MemoryChangelog();
  const stage = commandStage({
    deadLetters: store,
    destination: {
      sources: async () => [],
      prepare: async () => ({ created: [] }),
      append: (table, rows) => changelog.append(table, rows),
      ...props.destination,
    },
    ...(props.signal && { signal: props.signal }),
    ...(props.answer !== undefined && { answer: props.answer }),
  });
  const deadLetters = (...args: readonly string[]) =>
    stage.tailrace('dead-letters', ...args, '--s3', 's3://failures', '--destination', 'duckdb:x.duckdb');
  return { ...stage, store, changelog, deadLetters };
}

const objects = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('dead-letters list', () => {
  test('lists what is stored of the table, and never a value', async () => {
    const { deadLetters, stdout, doings } = setUp({
      a: deadLetter(),
      b: deadLetter({ table: 'Carts', stream_arn: CARTS }),
    });

    expect(await deadLetters('list', 'Orders')).toBe(0);

    expect(stdout.text).toContain('│ a  │ row-rejected │');
    expect(stdout.lines.at(-1)).toBe('1 dead letter of Orders in memory.');
    expect(stdout.text).not.toContain('planted');
    expect(doings).toEqual(['open s3://failures/', 'close']);
  });

  test('with --json gives an object a letter and a summary', async () => {
    const { deadLetters, stdout } = setUp({ a: deadLetter() });

    expect(await deadLetters('list', 'Orders', '--json')).toBe(0);

    const { record: _record, table: _table, version: _version, ...letter } = deadLetter();
    expect(objects(stdout.text)).toEqual([
      { id: 'a', ...letter },
      { table: 'Orders', location: 'memory', dead_letters: 1, unreadable: 0 },
    ]);
  });

  test('names what is no letter, and exits 1', async () => {
    const { deadLetters, stdout, stderr } = setUp({ a: '{"planted":', b: deadLetter() });

    expect(await deadLetters('list', 'Orders', '--json')).toBe(1);

    expect(objects(stdout.text)).toMatchObject([
      { id: 'a', problem: 'is not JSON in UTF-8' },
      { id: 'b' },
      { dead_letters: 1, unreadable: 1 },
    ]);
    expect(stderr.text).toBe("warning: 1 file there can't be read as a dead letter.\n");
  });

  test('of nothing is no failure', async () => {
    const { deadLetters, stdout } = setUp({});

    expect(await deadLetters('list', 'Orders')).toBe(0);

    expect(stdout.lines).toEqual(['0 dead letters of Orders in memory.']);
  });

  test('needs no destination', async () => {
    const { tailrace } = setUp({});

    expect(await tailrace('dead-letters', 'list', 'Orders', '--s3', 's3://failures')).toBe(0);
  });
});

describe('dead-letters show', () => {
  test('shows a letter without the values of its record', async () => {
    const { deadLetters, stdout } = setUp({ a: deadLetter() });

    expect(await deadLetters('show', 'Orders', 'a')).toBe(0);

    expect(JSON.parse(stdout.text)).toMatchObject({
      id: 'a',
      kind: 'row-rejected',
      record: { eventName: '<text of 6>' },
    });
    expect(stdout.text).not.toContain('planted');
  });

  test('shows them where --values asks for them', async () => {
    const { deadLetters, stdout } = setUp({ a: deadLetter() });

    expect(await deadLetters('show', 'Orders', 'a', '--values', '--json')).toBe(0);

    expect(objects(stdout.text)).toMatchObject([{ record: { dynamodb: { NewImage: { note: { S: 'planted' } } } } }]);
  });

  test.each([
    ['that is not there', 'b', /There is no dead letter "b" of Orders/],
    ["of another table's", 'carts', /There is no dead letter "carts" of Orders/],
    ['that is none', 'bad', /"bad" in memory is not JSON in UTF-8/],
    ['by a path', '../a', /There is no dead letter "..\/a"/],
  ])('refuses one %s', async (_, id, words) => {
    const { deadLetters, stderr, stdout } = setUp({
      a: deadLetter(),
      carts: deadLetter({ table: 'Carts' }),
      bad: 'planted',
    });

    expect(await deadLetters('show', 'Orders', id)).toBe(2);

    expect(stderr.text).toMatch(words);
    expect(stderr.text + stdout.text).not.toContain('planted');
  });
});

describe('dead-letters replay', () => {
  test('delivers what can be delivered, leaves the rest, says why, and exits 1', async () => {
    const { deadLetters, stdout, stderr, store, changelog } = setUp({
      a: deadLetter(),
      again: REFUSED_AGAIN,
      bad: 'planted',
      carts: deadLetter({ table: 'Carts', stream_arn: CARTS }),
      z: deadLetter({ sequence_number: '43' }),
    });

    expect(await deadLetters('replay', 'Orders', '--all', '--json')).toBe(1);

    expect(objects(stdout.text)).toEqual([
      { id: 'again', left: 'record-invalid', reason: 'eventName is none of INSERT, MODIFY, REMOVE' },
      { id: 'bad', left: 'unreadable', reason: 'is not JSON in UTF-8' },
      { table: 'Orders', location: 'memory', delivered: 2, left: 2 },
    ]);
    expect([...store.texts.keys()]).toEqual(['again', 'bad', 'carts']);
    expect(changelog.rows.map(({ sequenceNumber, origin }) => [sequenceNumber, origin])).toEqual([
      ['42', 'replay'],
      ['43', 'replay'],
    ]);
    expect(stdout.text + stderr.text).not.toContain('planted');
  });

  test('takes the letters that are named, and those alone', async () => {
    const { deadLetters, stdout, store } = setUp({ a: deadLetter(), b: deadLetter({ sequence_number: '43' }) });

    expect(await deadLetters('replay', 'Orders', 'b')).toBe(0);

    expect(store.archived).toEqual(['b']);
    expect(stdout.lines).toEqual(['1 dead letter of Orders delivered, 0 left in memory.']);
  });

  test('delivers only what the destination knows the table by', async () => {
    const elsewhere = STREAM_ARN.replace('eu-central-1', 'us-east-1');
    const { deadLetters, store } = setUp(
      { a: deadLetter({ stream_arn: elsewhere, record: streamRecord({ streamArn: elsewhere }) }), b: deadLetter() },
      { destination: { sources: async () => [ORDERS] } },
    );

    expect(await deadLetters('replay', 'Orders', '--all')).toBe(1);

    expect(store.archived).toEqual(['b']);
  });

  test('refuses letters of two tables of one name, where the destination knows neither', async () => {
    const elsewhere = STREAM_ARN.replace('eu-central-1', 'us-east-1');
    const { deadLetters, store, stderr } = setUp({ a: deadLetter(), b: deadLetter({ stream_arn: elsewhere }) });

    expect(await deadLetters('replay', 'Orders', '--all')).toBe(2);

    expect(stderr.text).toMatch(
      /The letters are of .*eu-central-1.* and of .*us-east-1.*Run `tailrace setup Orders --destination duckdb:x\.duckdb`/,
    );
    expect(store.archived).toEqual([]);
  });

  test('makes the destination that is not there yet', async () => {
    const missing = new TailraceError('destination-missing', 'There is no file');
    const { deadLetters, store } = setUp(
      { a: deadLetter() },
      { destination: { sources: () => Promise.reject(missing) } },
    );

    expect(await deadLetters('replay', 'Orders', '--all')).toBe(0);

    expect(store.archived).toEqual(['a']);
  });

  test('with nothing that could be delivered opens no destination', async () => {
    const { deadLetters, doings } = setUp({ bad: 'x', b: deadLetter({ stream_arn: null, record: null }) });

    expect(await deadLetters('replay', 'Orders', '--all')).toBe(1);

    expect(doings).toEqual(['open s3://failures/', 'close']);
  });

  test('stops at a destination that is away, with every letter where it was', async () => {
    const away = new TailraceError('destination-unavailable', 'Away');
    const { deadLetters, store, stderr } = setUp(
      { a: deadLetter() },
      { destination: { append: () => Promise.reject(away) } },
    );

    expect(await deadLetters('replay', 'Orders', '--all')).toBe(2);

    expect(stderr.text).toMatch(/^tailrace: Away/m);
    expect([store.archived, store.removed]).toEqual([[], []]);
  });

  test('that is interrupted says so, with what was not delivered where it was', async () => {
    const { deadLetters, store, stderr } = setUp({ a: deadLetter() }, { signal: AbortSignal.abort() });

    expect(await deadLetters('replay', 'Orders', '--all')).toBe(2);

    expect(stderr.text).toMatch(/interrupted/);
    expect(store.archived).toEqual([]);
  });

  test.each([
    ['neither ids nor --all', []],
    ['both', ['a', '--all']],
    ['an id that is not there', ['a', 'b']],
  ])('refuses %s before anything is delivered', async (_, args) => {
    const { deadLetters, store } = setUp({ a: deadLetter() });

    expect(await deadLetters('replay', 'Orders', ...args)).toBe(2);

    expect(store.archived).toEqual([]);
  });
});

describe('dead-letters remove', () => {
  const letters = { a: deadLetter(), bad: 'x', carts: deadLetter({ table: 'Carts' }) };

  test('asks first, and removes only where the answer is yes', async () => {
    for (const answer of [false, true]) {
      const { deadLetters, store, stderr, doings } = setUp(letters, { answer });

      expect(await deadLetters('remove', 'Orders', 'a')).toBe(answer ? 0 : 1);

      expect(doings).toContain(
        'ask This removes 1 dead letter of Orders from memory for good. Its change is lost, unless a backfill has read the item since. Continue?',
      );
      expect(stderr.text).toBe(answer ? '' : 'Nothing was removed.\n');
      expect(store.removed).toEqual(answer ? ['a'] : []);
    }
  });

  test('removes nothing without a terminal, and names the whole command that does', async () => {
    const { deadLetters, store, stderr } = setUp(letters);

    expect(await deadLetters('remove', 'Orders', '--all')).toBe(2);

    expect(stderr.text).toContain('This would remove 1 dead letter of Orders from memory for good.');
    expect(stderr.text).toContain('Nothing was removed. To confirm it, run ');
    expect(stderr.text).toContain(
      '`tailrace dead-letters remove Orders --all --s3 s3://failures --destination duckdb:x.duckdb --yes`',
    );
    expect(store.removed).toEqual([]);
  });

  test("--all leaves another table's letters and what is none", async () => {
    const { deadLetters, store, stdout } = setUp(letters);

    expect(await deadLetters('remove', 'Orders', '--all', '--yes', '--json')).toBe(1);

    expect(store.removed).toEqual(['a']);
    expect(objects(stdout.text)).toEqual([{ table: 'Orders', location: 'memory', removed: 1, left: 1 }]);
  });

  test('removes what is named, even if it can not be read', async () => {
    const { deadLetters, store } = setUp(letters);

    expect(await deadLetters('remove', 'Orders', 'bad', 'a', '--yes')).toBe(0);

    expect(store.removed).toEqual(['a', 'bad']);
  });

  test("never removes another table's letter", async () => {
    const { deadLetters, store } = setUp(letters);

    expect(await deadLetters('remove', 'Orders', 'a', 'carts', '--yes')).toBe(2);

    expect(store.removed).toEqual([]);
  });
});

describe('in the state directory', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tailrace-letters-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('letters are found, delivered and gone', async () => {
    const changelog = new MemoryChangelog();
    const { tailrace, stdout } = commandStage({
      destination: {
        sources: async () => [ORDERS],
        prepare: async () => ({ created: [] }),
        append: (table, rows) => changelog.append(table, rows),
      },
    });
    const place = join(directory, 'dead-letters');
    await new DeadLetterDirectory(place).put(deadLetter());

    const args = ['--state', directory, '--destination', 'duckdb:x.duckdb'];
    expect(await tailrace('dead-letters', 'list', 'Orders', '--state', directory)).toBe(0);
    expect(await tailrace('dead-letters', 'replay', 'Orders', '--all', ...args)).toBe(0);

    expect(stdout.text).toContain(`1 dead letter of Orders in ${place}.`);
    expect(changelog.rows).toHaveLength(1);
    expect(await readdir(place)).toEqual([]);
  });
});

test.each([
  'failures',
  's3://',
  's3://NO',
  'https://failures.s3.amazonaws.com',
  's3://failures/dead-letters',
  's3://failures/dead-letters/Orders',
])('%s is not taken for a bucket', async (url) => {
  const { tailrace, stderr, doings } = setUp({});

  expect(await tailrace('dead-letters', 'list', 'Orders', '--s3', url)).toBe(2);

  expect(stderr.text).toMatch(/is not a bucket as s3:\/\/bucket\[\/prefix\]\. Name the part before dead-letters\//);
  expect(doings).toEqual([]);
});

test('what stands before the letters in a bucket is given with it', async () => {
  const { tailrace, doings } = setUp({});

  await tailrace('dead-letters', 'list', 'Orders', '--s3', 's3://failures/prod/eu//');

  expect(doings[0]).toBe('open s3://failures/prod/eu/');
});

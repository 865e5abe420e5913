import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeOlderFile } from '../../support/duckdb/older-file.ts';
import { createWorkplace } from '../../support/process/tailrace-process.ts';
import { streamRecord } from '../../support/stream/record.ts';

const TO = ['--destination', 'duckdb:shop.duckdb'];
const EVENT = JSON.stringify({ Records: [streamRecord({})] });
const OTHERS = 'tailrace: duckdb:shop.duckdb has table Orders in the form of another version of Tailrace. ';

/** A directory with a file in the first form, of these tables. */
async function workplaceOf(...tables: readonly string[]) {
  const workplace = await createWorkplace();
  onTestFinished(() => workplace[Symbol.asyncDispose]());
  await makeOlderFile(join(workplace.directory, 'shop.duckdb'), ...tables);
  await mkdir(join(workplace.directory, 'schemas'));
  const schema = JSON.stringify({ columns: [{ name: 'id', type: 'STRING' }] });
  await writeFile(join(workplace.directory, 'schemas', 'Orders.json'), schema);
  return (args: readonly string[], stdin = '') => workplace.tailrace([...args, ...TO], { stdin });
}

const replay = ['replay', 'Orders', '--file', '-'];

test('commands refuse a table of another version, by name', async () => {
  const tailrace = await workplaceOf('Orders');

  for (const args of [
    ['status'],
    ['status', 'Orders'],
    ['snapshots', 'list', 'Orders'],
    ['views', 'apply', 'Orders'],
    replay,
  ]) {
    const { code, stdout, stderr } = await tailrace(args, EVENT);
    expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
    expect(stderr).toContain(OTHERS);
    expect(stderr).toMatch(/remove Orders .*setup Orders .*backfill Orders /);
  }
});

test('the way out works: the table is removed, with the ledger, and another one takes its place', async () => {
  const tailrace = await workplaceOf('Orders');

  const removed = await tailrace(['remove', 'Orders', '--yes']);
  expect(removed).toMatchObject({ code: 0, stderr: expect.not.stringContaining('left') });
  for (const name of ['view Orders,', 'Orders_latest', 'Orders_snapshot_', 'tailrace_snapshots', 'Orders_changelog']) {
    expect(removed.stdout).toContain(name);
  }

  expect(await tailrace(replay, EVENT)).toMatchObject({
    code: 0,
    stdout: '1 record of Orders delivered, 0 set aside.\n',
  });
  expect(await tailrace(['status', 'Orders'])).toMatchObject({ code: 0 });
});

test('the ledger stays until the last table of another version is removed, and says so', async () => {
  const tailrace = await workplaceOf('Orders', 'Carts');

  const first = await tailrace(['remove', 'Orders', '--yes']);
  expect(first.code).toBe(0);
  expect(first.stdout).not.toContain('tailrace_snapshots');
  expect(await tailrace(replay, EVENT)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /tailrace_snapshots has the form of another version.*remove Carts .*: the last one drops it/,
    ),
  });

  expect(await tailrace(['remove', 'Carts', '--yes'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('tailrace_snapshots'),
  });
  expect(await tailrace(replay, EVENT)).toMatchObject({ code: 0 });
});

test('a ledger of another version without tables is dropped by the command that is named', async () => {
  const tailrace = await workplaceOf();

  const { code, stderr } = await tailrace(replay, EVENT);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('No table is left of that version') });
  const statement = /query '([^']+)'/.exec(stderr)?.[1] ?? '';
  expect(await tailrace(['query', statement, '--write'])).toMatchObject({ code: 0 });

  expect(await tailrace(replay, EVENT)).toMatchObject({ code: 0 });
});

import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RowSpool } from '../../../../backfill/scan/row-spool.ts';
import { lineOf, rowsOf } from '../../../../src/destination/row-file.ts';
import { SNAPSHOT_FORM } from '../../../../src/destination/row-form.ts';
import { identity } from '../../../../src/privacy/transform.ts';
import { type SnapshotRow, toSnapshotRow } from '../../../../src/snapshot/row.ts';
import { HOSTILE_ITEMS } from '../../../support/values/hostile-items.ts';
import { scannedRow } from '../../../support/values/rows.ts';
import { kind } from '../../../support/vitest/kind.ts';

function spoolPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tailrace-spool-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'rows', '0');
}

function filled(rows: readonly SnapshotRow[], spool = new RowSpool(spoolPath(), SNAPSHOT_FORM)) {
  for (const row of rows) spool.add(row);
  return { spool, ...spool.close() };
}

test('rows come back as they were, texts that are hard to carry and rows larger than a block too', () => {
  const hostile = HOSTILE_ITEMS.map(([, value], index) =>
    toSnapshotRow({ pk: { S: `key "${index}" \u001f\n` }, value }, ['pk'], identity),
  );
  const rows = [
    ...hostile,
    ...Array.from({ length: 2_000 }, (_, id) => scannedRow(`äöü ${id}`, JSON.stringify({ text: 'x'.repeat(id) }))),
  ];

  const { file } = filled(rows);

  expect(file.rows).toBe(rows.length);
  expect([...rowsOf(file)]).toEqual(rows);
  // Sent twice, they are read twice.
  expect([...rowsOf(file)]).toEqual(rows);
});

test.each([
  ['one byte a character', 'x'],
  ['two', 'ü'],
  ['three', '茶'],
  ['four for two', '😀'],
])('rows fill blocks to their last byte without loss: %s', (_, character) => {
  const rows = Array.from({ length: 300 }, (_, id) => scannedRow(`${id}`, JSON.stringify(character.repeat(500 + id))));

  const { file } = filled(rows);

  expect([...rowsOf(file)]).toEqual(rows);
  expect(statSync(file.path).size).toBe(
    rows.reduce((sum, row) => sum + Buffer.byteLength(lineOf(SNAPSHOT_FORM, row)), 0),
  );
  expect(file.longest).toBe(Math.max(...rows.map((row) => Buffer.byteLength(lineOf(SNAPSHOT_FORM, row)))));
});

test('the same rows have the same content, and other rows another', () => {
  const rows = ['a', 'b', 'c'].map((id) => scannedRow(id));

  const contents = [rows, rows, rows.toReversed(), rows.slice(1)].map((some) => filled(some).content);

  expect(contents[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(contents).size).toBe(3);
  expect(contents[1]).toBe(contents[0]);
});

test('only the owner may read the rows on the disk', () => {
  const { file } = filled([scannedRow('a')]);

  expect(statSync(file.path).mode & 0o077).toBe(0);
});

test.runIf(existsSync('/dev/full'))('a full disk is named, without a word of the row', () => {
  expect(() => filled([scannedRow('secret')], new RowSpool('/dev/full', SNAPSHOT_FORM))).toThrow(
    expect.objectContaining({
      ...kind('destination-unavailable'),
      message: "/dev/full can't be written: its disk is full",
    }),
  );
});

import { expect, test } from 'vitest';
import { statementFailure } from '../../../../src/destination/duckdb/duckdb-error.ts';
import { shownText } from '../../../../src/duckdb-message.ts';
import { TailraceError } from '../../../../src/errors.ts';
import { kind } from '../../../support/vitest/kind.ts';

test.for([
  ['Catalog Error: Table with name nope does not exist!\nDid you mean "x"?', 'destination-missing', 'nope'],
  ['Table ".main.orders_changelog" could not be found', 'destination-missing', 'orders_changelog'],
  ['IO Error: Could not write file "a.duckdb": No space left on device', 'destination-unavailable', 'No space left'],
  [
    'TransactionContext Error: Failed to commit: Could not write file "a.duckdb.wal": File too large',
    'destination-unavailable',
    'File too large',
  ],
  ['Out of Memory Error: failed to allocate', 'destination-unavailable', 'failed to allocate'],
  ['Binder Error: column "x" not found\n\nLINE 1', 'destination-invalid', 'column "x" not found'],
  ["Conversion Error: Could not convert string 'secret' to INT32", 'destination-invalid', 'Conversion Error'],
] as const)('%j is named', ([text, expected, part]) => {
  const failure = statementFailure(new Error(text), 'a.duckdb');

  expect(failure).toMatchObject(kind(expected));
  expect(failure.message).toContain(part);
  expect(failure.message).toContain('a.duckdb');
  expect(failure.message).not.toContain('secret');
});

test.for([
  ['orders_snapshot_20260304t050601zab01', 'tailrace backfill TABLE'],
  ['orders_latest', undefined],
] as const)('a missing %s is mended by a command that makes it again', ([name, command]) => {
  const { remedy } = statementFailure(new Error(`Catalog Error: Table with name ${name} does not exist!`), 'a.duckdb');

  if (command === undefined) expect(remedy).toBe(new TailraceError('destination-missing', '').remedy);
  else expect(remedy).toContain(command);
});

test('a failure with a kind stays as it is', () => {
  const named = new TailraceError('destination-conflict', 'Named');

  expect(statementFailure(named, 'a.duckdb')).toBe(named);
});

test.for([
  ['Invalid Input Error: Malformed JSON: secret', 'Invalid Input Error'],
  ['Out of Range Error: secret', 'Out of Range Error'],
  ['Failed to append: secret', 'Error'],
  ['secret', 'Error'],
] as const)('%j may quote a row, so that only its class is shown', ([text, shown]) => {
  expect(shownText(new Error(text))).toBe(shown);
});

import { describe, expect, test } from 'vitest';
import { errorLine, reportOf } from '../../../../cli/terminal/error-line.ts';
import { TailraceError } from '../../../../src/errors.ts';

const line = (error: unknown, table?: string) => errorLine(reportOf(error, table));

describe('an error line', () => {
  test('gives message, coordinates and the next step', () => {
    const error = new TailraceError('source-table-missing', 'There is no table orders', {
      context: { table: 'orders', region: 'eu-central-1' },
    });

    expect(line(error)).toBe(
      'tailrace: There is no table orders (region eu-central-1). Check the name, --region and --profile.',
    );
  });

  test('leaves out coordinates that are unknown or in the message already', () => {
    const context = { table: 'orders', shard_id: null, sequence_number: '7' };
    const error = new TailraceError('record-invalid', 'Keys of orders are missing', { context, remedy: 'Mend it.' });

    expect(line(error)).toBe('tailrace: Keys of orders are missing (sequence number 7). Mend it.');
  });

  test.each([
    ['the table that the error names', { table: 'orders' }, undefined],
    ["the command's table", {}, 'orders'],
  ])('names a command to run with %s', (_, context, table) => {
    const error = new TailraceError('stream-missing', 'No stream', { context });

    expect(line(error, table)).toMatch(/Run `tailrace setup orders --enable-stream`\.$/);
  });

  test('leaves a statement of SQL as it is, so that it can be pasted', () => {
    const remedy = 'Run `tailrace query \'COMMENT ON TABLE "x" IS 1\' --write`, then `tailrace setup TABLE`.';

    expect(line(new TailraceError('destination-conflict', 'No comment', { remedy }), 'orders')).toMatch(
      /query 'COMMENT ON TABLE "x" IS 1' --write`, then `tailrace setup orders`\.$/,
    );
  });

  test('is one line, whatever the message holds', () => {
    const error = new TailraceError('query-invalid', 'Parser Error:\n  at \u001b[31m"x"\u001b[0m\r\n', {
      remedy: 'Go on.',
    });

    expect(line(error)).toBe('tailrace: Parser Error: at \\u001b[31m"x"\\u001b[0m. Go on.');
  });

  test.each([
    ['It is no database file!', 'tailrace: It is no database file. Name another.'],
    ['Did you mean "x"?', 'tailrace: Did you mean "x"? Name another.'],
    ['It is away.', 'tailrace: It is away. Name another.'],
  ])('ends a message once, however it ends itself: %s', (message, expected) => {
    expect(line(new TailraceError('query-invalid', message, { remedy: 'Name another.' }))).toBe(expected);
  });

  test('hides the message of an unexpected error, which may quote a value', () => {
    const report = reportOf(new RangeError('secret'), 'orders');

    expect(JSON.stringify(report)).not.toContain('secret');
    expect(report).toMatchObject({ error: 'RangeError', message: 'Unexpected failure: RangeError' });
  });

  test('gives a next step even where the policy has none', () => {
    expect(line(new TailraceError('source-throttled', 'Throttled'))).toMatch(/ Run it again later/);
  });
});

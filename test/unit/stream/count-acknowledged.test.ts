import { expect, test } from 'vitest';
import { countAcknowledged } from '../../../src/stream/count-acknowledged.ts';
import { streamRecord } from '../../support/stream/record.ts';

const page = (...numbers: readonly string[]) => numbers.map((sequenceNumber) => streamRecord({ sequenceNumber }));

test.each([
  ['nothing reported acknowledges all', ['8', '9', '10'], [], 3],
  ['the first reported acknowledges nothing', ['8', '9', '10'], ['8'], 0],
  ['the last reported acknowledges what is before it', ['8', '9', '10'], ['10'], 2],
  ['the lowest by value counts, not by text', ['8', '9', '10'], ['10', '9'], 1],
  ['the lowest counts, not the last one named', ['8', '9', '10'], ['9', '10'], 1],
  ['one number on two records acknowledges neither', ['8', '9', '9', '10'], ['9'], 1],
  ['zeros in front name the same number', ['8', '9', '10'], ['009'], 1],
  ['a number beyond the page acknowledges nothing', ['8', '9', '10'], ['11'], 0],
  ['no number at all acknowledges nothing', ['8', '9', '10'], ['10', ''], 0],
])('%s', (_case, numbers, reported, acknowledged) => {
  const batchItemFailures = reported.map((itemIdentifier) => ({ itemIdentifier }));
  expect(countAcknowledged(page(...numbers), { batchItemFailures })).toBe(acknowledged);
});

test('records without a number are passed over', () => {
  const records = [{}, ...page('8'), null, ...page('9')];
  expect(countAcknowledged(records, { batchItemFailures: [{ itemIdentifier: '9' }] })).toBe(3);
});

import { expect, test } from 'vitest';
import { parseStreamArn, streamArn } from '../../../src/order/stream-arn.ts';

test.each([
  [
    'arn:aws:dynamodb:us-east-1:123456789012:table/Example-Table/stream/2016-12-01T00:00:00.000',
    'Example-Table',
    '2016-12-01T00:00:00.000',
  ],
  [
    'arn:aws-cn:dynamodb:cn-north-1:123456789012:table/a.b_c/stream/2016-12-01T00:00:00.000',
    'a.b_c',
    '2016-12-01T00:00:00.000',
  ],
  ['arn:aws:dynamodb:dynoxide:000000000000:table/T/stream/1795330822.426326513', 'T', '1795330822.426326513'],
])('%s is of table %s and labelled %s', (text, tableName, label) => {
  expect(parseStreamArn(text)).toEqual({ text, tableName, label, tableArn: text.slice(0, text.indexOf('/stream/')) });
});

test.each([
  undefined,
  7,
  '',
  'arn:aws:dynamodb:us-east-1:123456789012:table/T',
  'arn:aws:dynamodb:us-east-1:123456789012:table/T/stream/',
  'arn:aws:dynamodb:us-east-1:123456789012:table/T/stream/a/b',
  'arn:aws:kinesis:us-east-1:123456789012:table/T/stream/2016',
  'arn:aws:dynamodb:us-east-1:12:table/T/stream/2016',
])("%j is no stream's ARN", (text) => {
  expect(parseStreamArn(text)).toBeUndefined();
});

test('asked for, it is refused by name', () => {
  expect(() => streamArn('Orders')).toThrow('"Orders" is not the ARN of a DynamoDB stream');
});

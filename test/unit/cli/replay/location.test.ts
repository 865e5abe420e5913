import { expect, test } from 'vitest';
import { withRegionOf } from '../../../../cli/replay/location.ts';
import { STREAM_ARN, TABLE_ARN } from '../../../support/stream/record.ts';

test.each([
  [STREAM_ARN, 'eu-central-1'],
  [TABLE_ARN, 'eu-central-1'],
  ['arn:aws-cn:dynamodb:cn-north-1:123456789012:table/Orders', 'cn-north-1'],
  ['https://sqs.ap-south-1.amazonaws.com/123456789012/failures', 'ap-south-1'],
  ['https://sqs.cn-north-1.amazonaws.com.cn/123456789012/failures', 'cn-north-1'],
  ['https://eu-west-1.queue.amazonaws.com/123456789012/failures', 'eu-west-1'],
])('%s names its region', (named, namedRegion) => {
  expect(withRegionOf({ profile: 'x' }, named)).toEqual({ profile: 'x', namedRegion });
});

test.each([
  undefined,
  '',
  'http://127.0.0.1:4566/000000000000/failures',
  'https://sqs.example.com/q',
  'sqs.eu-west-1.amazonaws.com',
])('%s names none', (named) => {
  expect(withRegionOf({}, named)).toEqual({});
});

test('a region that is given stands', () => {
  expect(withRegionOf({ region: 'us-east-1' }, STREAM_ARN)).toEqual({ region: 'us-east-1' });
});

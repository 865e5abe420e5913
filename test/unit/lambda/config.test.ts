import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/lambda/config.ts';
import { STREAM_ARN, TABLE_ARN } from '../../support/stream/record.ts';

const GOOD = {
  TAILRACE_STREAM_ARN: STREAM_ARN,
  TAILRACE_DESTINATION: 'bigquery:my-shop.tailrace',
  TAILRACE_DEAD_LETTER_BUCKET: 'tailrace-failures',
  TAILRACE_DEAD_LETTER_BUCKET_OWNER: '210987654321',
  GOOGLE_APPLICATION_CREDENTIALS: '/var/task/google-credentials.json',
};
const exists = () => true;

test('a complete environment is read', () => {
  const config = readConfig({ ...GOOD, TAILRACE_BIGQUERY_LOCATION: 'EU' }, exists);

  expect(config).toMatchObject({
    stream: { text: STREAM_ARN, tableArn: TABLE_ARN, tableName: 'Orders' },
    dataset: { project: 'my-shop', dataset: 'tailrace' },
    bigQuery: { location: 'EU', endpoint: null },
    deadLetterBucket: 'tailrace-failures',
    deadLetterBucketOwner: '210987654321',
  });
});

test("a bucket of which no owner is named is the stream's account's", () => {
  const { TAILRACE_DEAD_LETTER_BUCKET_OWNER: _, ...rest } = GOOD;

  expect(readConfig(rest, exists).deadLetterBucketOwner).toBe(TABLE_ARN.split(':')[4]);
});

test('every problem is named in one error', () => {
  const environment = {
    TAILRACE_STREAM_ARN: TABLE_ARN,
    TAILRACE_DESTINATION: 'duckdb:shop.duckdb',
    TAILRACE_DEAD_LETTER_BUCKET: ' ',
    TAILRACE_DEAD_LETTER_BUCKET_OWNER: 'me',
    TAILRACE_BIGQUERY_LOCATION: '?',
    TAILRACE_BIGQUERY_LABELS: 'Team',
    GOOGLE_APPLICATION_CREDENTIALS: '/var/task/none.json',
  };

  expect(() => readConfig(environment, () => false)).toThrow(
    expect.objectContaining({
      kind: 'config-invalid',
      message: [
        `TAILRACE_STREAM_ARN: "${TABLE_ARN}" is not the ARN of a DynamoDB stream`,
        'TAILRACE_DESTINATION: "duckdb:shop.duckdb" is not bigquery:PROJECT.DATASET',
        'TAILRACE_DEAD_LETTER_BUCKET is not set',
        'TAILRACE_DEAD_LETTER_BUCKET_OWNER: "me" is not the id of an AWS account',
        'TAILRACE_BIGQUERY_LOCATION is not a location such as EU or us-east1',
        'TAILRACE_BIGQUERY_LABELS is not a list of labels such as team=data,env=prod',
        'GOOGLE_APPLICATION_CREDENTIALS: There is no file /var/task/none.json',
      ].join('; '),
    }),
  );
});

test('an empty environment names all that is needed, and nothing more', () => {
  expect(() => readConfig({}, exists)).toThrow(
    'TAILRACE_STREAM_ARN is not set; TAILRACE_DESTINATION is not set; TAILRACE_DEAD_LETTER_BUCKET is not set; ' +
      'GOOGLE_APPLICATION_CREDENTIALS is not set',
  );
});

describe('one variable that is wrong', () => {
  test.each([
    ['TAILRACE_DESTINATION', 'bigquery:tailrace', 'TAILRACE_DESTINATION: "tailrace" is not a BigQuery dataset'],
    ['TAILRACE_DESTINATION', 'my-shop.tailrace', 'TAILRACE_DESTINATION: "my-shop.tailrace" is not bigquery:'],
    ['TAILRACE_DEAD_LETTER_BUCKET', 'arn:aws:s3:::b', '"arn:aws:s3:::b" is not the name of an S3 bucket'],
    ['TAILRACE_STREAM_ARN', `${STREAM_ARN}/x`, 'is not the ARN of a DynamoDB stream'],
  ])('%s=%s is named', (name, value, message) => {
    expect(() => readConfig({ ...GOOD, [name]: value }, exists)).toThrow(message);
  });
});

test("another BigQuery endpoint is spoken to without Google's credentials, so none are asked for", () => {
  const { GOOGLE_APPLICATION_CREDENTIALS: _, ...rest } = GOOD;
  const environment = { ...rest, TAILRACE_BIGQUERY_ENDPOINT: 'http://127.0.0.1:9050' };

  expect(readConfig(environment, () => false).bigQuery.endpoint).toBe('http://127.0.0.1:9050');
});

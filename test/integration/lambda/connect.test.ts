import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { readConfig } from '../../../src/lambda/config.ts';
import { connect } from '../../../src/lambda/connect.ts';
import { STREAM_ARN, TABLE_ARN } from '../../support/stream/record.ts';
import { deadLetter } from '../../support/values/dead-letter.ts';

const STACK_ACCOUNT = '210987654321';

test("dead letters of another account's stream go to a bucket of the stack's account, and to no other's", async () => {
  const owners: unknown[] = [];
  const server = createServer((request, response) => {
    owners.push(request.headers['x-amz-expected-bucket-owner']);
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_ENDPOINT_URL_S3', endpoint);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  try {
    const { deadLetters } = connect(
      readConfig({
        TAILRACE_STREAM_ARN: STREAM_ARN,
        TAILRACE_DESTINATION: 'bigquery:my-shop.tailrace',
        TAILRACE_BIGQUERY_ENDPOINT: 'http://127.0.0.1:1',
        TAILRACE_DEAD_LETTER_BUCKET: '127.0.0.1',
        TAILRACE_DEAD_LETTER_BUCKET_OWNER: STACK_ACCOUNT,
      }),
    );
    await deadLetters.put(deadLetter());
  } finally {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  expect(TABLE_ARN).not.toContain(STACK_ACCOUNT);
  expect(owners).toEqual([STACK_ACCOUNT]);
});

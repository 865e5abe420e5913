import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { connect } from '../../../cli/production-dependencies.ts';
import { commandStage } from '../../support/stages/command-stage.ts';

/** What a server without streams does: it takes a StreamSpecification, forgets it, and knows none of their operations. */
let endpointUrl: string;
const asked: string[] = [];
const server = createServer((request, response) => {
  const operation = String(request.headers['x-amz-target']);
  asked.push(operation);
  const TableStatus = 'ACTIVE';
  const table = {
    TableName: 'orders',
    TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders',
    TableStatus,
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  };
  const answers: Readonly<Record<string, object>> = {
    'DynamoDB_20120810.DescribeTable': { Table: table },
    'DynamoDB_20120810.UpdateTable': { TableDescription: table },
  };
  const answer = answers[operation];
  request.resume().on('end', () => {
    response.writeHead(answer ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(answer ?? { __type: 'com.amazon.coral.service#UnknownOperationException' }));
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test.each([['setup', '--enable-stream'], ['setup'], ['tail'], ['backfill'], ['gaps'], ['replay', '--stream']])(
  '%s %s names a server without streams as one, changes nothing, and does not advise setup',
  async (command, ...options) => {
    asked.length = 0;
    const stage = commandStage({ destination: {} });
    stage.dependencies.connect = connect;
    const to = ['--endpoint-url', endpointUrl, '--destination', 'duckdb:test.duckdb'];

    expect(await stage.tailrace(command, 'orders', ...options, ...to)).toBe(2);

    expect(stage.stderr.text).toContain(`${endpointUrl} has no streams`);
    expect(stage.stderr.text).not.toContain('tailrace setup');
    expect(asked).not.toContain('DynamoDB_20120810.UpdateTable');
  },
);

test.each([['setup', '--enable-stream'], ['setup'], ['tail'], ['backfill'], ['gaps'], ['replay', '--stream']])(
  '%s %s names the variable that is missing where the endpoint of the tables alone is set, and changes nothing',
  async (command, ...options) => {
    asked.length = 0;
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', endpointUrl);
    onTestFinished(() => void vi.unstubAllEnvs());
    const stage = commandStage({ destination: {} });
    stage.dependencies.connect = connect;

    expect(await stage.tailrace(command, 'orders', ...options, '--destination', 'duckdb:test.duckdb')).toBe(2);

    expect(stage.stderr.text).toContain('AWS_ENDPOINT_URL_DYNAMODB_STREAMS is not set');
    expect(stage.stderr.text).not.toContain('tailrace setup');
    expect(asked).not.toContain('DynamoDB_20120810.UpdateTable');
  },
);

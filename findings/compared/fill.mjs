/**
 * Fills a DynamoDB server on this machine with the tables beside this file: `node fill.mjs http://127.0.0.1:8000`.
 * `node fill.mjs http://127.0.0.1:8000 change` then deletes one address and adds another.
 */
import { readFileSync } from 'node:fs';

const [endpoint, change] = process.argv.slice(2);

if (change) {
  await request('DeleteItem', { TableName: 'Addresses', Key: { id: { S: 'a' } } });
  await request('PutItem', { TableName: 'Addresses', Item: { id: { S: 'c' }, zip: { S: 'new' } } });
} else {
  for (const [TableName, items] of Object.entries(JSON.parse(readFileSync(new URL('tables.json', import.meta.url))))) {
    await request('CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    for (const Item of items) await request('PutItem', { TableName, Item });
  }
}

/** Waits half a minute for a server that is still starting. */
async function request(operation, body, attempts = 150) {
  const response = await fetch(endpoint, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
  }).catch(() => null);
  if (response?.ok) return;
  if (response) throw new Error(`${operation}: HTTP ${response.status} ${await response.text()}`);
  if (attempts === 0) throw new Error(`${operation}: there is no server at ${endpoint}`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await request(operation, body, attempts - 1);
}

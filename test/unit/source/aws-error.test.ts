import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { TailraceError } from '../../../src/errors.ts';
import { awsError } from '../../../src/source/aws-error.ts';

const CALL = { action: 'dynamodb:Scan', subject: 'table orders', endpoint: 'DynamoDB in eu-west-1' };

function thrown(fields: Readonly<Record<string, unknown>>, message = 'The value "secret" is what it fails on'): Error {
  return Object.assign(new Error(message), fields);
}

test.each([
  [{ name: 'ResourceNotFoundException' }, 'source-table-missing', 'table orders'],
  [{ name: 'AccessDeniedException' }, 'source-denied', 'dynamodb:Scan'],
  [{ name: 'ExpiredTokenException' }, 'source-denied', 'expired'],
  [{ name: 'UnrecognizedClientException' }, 'source-denied', "aren't valid"],
  [{ name: 'CredentialsProviderError' }, 'source-denied', "aren't valid"],
  [{ name: 'ProvisionedThroughputExceededException' }, 'source-throttled', 'throttled'],
  [{ name: 'ThrottlingException' }, 'source-throttled', 'throttled'],
  [{ code: 'ECONNREFUSED' }, 'source-unavailable', 'DynamoDB in eu-west-1'],
  [{ code: 'ENOTFOUND' }, 'source-unavailable', 'DynamoDB in eu-west-1'],
  [{ name: 'TimeoutError', code: 'ECONNRESET' }, 'source-unavailable', 'DynamoDB in eu-west-1'],
  [{ name: 'InternalServerError', $metadata: { httpStatusCode: 500 } }, 'source-unavailable', 'InternalServerError'],
  [
    { name: 'SyntaxError', $metadata: { httpStatusCode: 503 } },
    'source-unavailable',
    'answers dynamodb:Scan on table orders with HTTP 503',
  ],
  [{ name: 'SyntaxError', $metadata: { httpStatusCode: 200 } }, 'source-invalid', 'with HTTP 200'],
  [{ name: 'UnknownOperationException', $metadata: { httpStatusCode: 400 } }, 'source-invalid', 'no DynamoDB'],
  [{ name: 'AbortError' }, 'interrupted', 'interrupted'],
])('%j is %s', (fields, kind, words) => {
  const error = awsError(thrown(fields), CALL);

  expect(error).toMatchObject({ kind, message: expect.stringContaining(words) });
  expect(error.message).not.toMatch(/secret|\n/);
  expect(JSON.stringify(error.context)).not.toContain('secret');
  expect(error.cause).toBeInstanceOf(Error);
});

test('the SDK’s own class of error is known by its name', () => {
  const error = new ResourceNotFoundException({ message: 'gone', $metadata: {} });

  expect(awsError(error, CALL).kind).toBe('source-table-missing');
});

test('a denial names the principal if IAM does, and what to allow', () => {
  const arn = 'arn:aws:sts::123456789012:assumed-role/reader/ann';
  const message = `User: ${arn} is not authorized to perform: dynamodb:Scan on resource: x`;

  expect(awsError(thrown({ name: 'AccessDeniedException' }, message), CALL)).toMatchObject({
    message: `${arn} may not dynamodb:Scan on table orders`,
    remedy: expect.stringContaining('Allow dynamodb:Scan on table orders'),
  });
});

test('an error of Tailrace passes unchanged', () => {
  const named = new TailraceError('source-throttled', 'Injected');

  expect(awsError(named, CALL)).toBe(named);
});

test('anything can be thrown', () => {
  for (const odd of [undefined, null, 'text', 7, {}]) expect(awsError(odd, CALL).kind).toBe('source-invalid');
});

import { expect, test } from 'vitest';
import { awsDenial } from '../../../src/source/aws-denial.ts';

const ANN = 'arn:aws:sts::123456789012:assumed-role/reader/ann';
const TABLE = 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders';
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0d4e';

function refused(message: string, name = 'AccessDeniedException'): Error {
  return Object.assign(new Error(message), { name });
}

const may = (action: string) => `User: ${ANN} is not authorized to perform: ${action}`;

const SCAN = { action: 'dynamodb:Scan', subject: 'table orders' };
const RECEIVE = { action: 'sqs:ReceiveMessage', subject: 'queue failures' };
const LIST = { action: 's3:ListBucket', subject: 'bucket failures' };
const MAPPINGS = { action: 'lambda:ListEventSourceMappings', subject: 'stream x' };

test.each([
  [
    'nothing allows it',
    refused(`${may('dynamodb:Scan')} on resource: ${TABLE} because no identity-based policy allows the action`),
    SCAN,
    `${ANN} may not dynamodb:Scan on table orders`,
    `Allow dynamodb:Scan on ${TABLE} to ${ANN}, or`,
  ],
  [
    'a boundary does not allow it',
    refused(`${may('dynamodb:Scan')} on resource: ${TABLE} because no permissions boundary allows the action`),
    SCAN,
    `${ANN} may not dynamodb:Scan on table orders`,
    `Allow dynamodb:Scan on ${TABLE} to ${ANN} in the permissions boundary, or`,
  ],
  [
    'it is denied expressly',
    refused(
      `${may('dynamodb:Scan')} on resource: ${TABLE} with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o/p`,
    ),
    SCAN,
    `${ANN} may not dynamodb:Scan on table orders: a service control policy denies it`,
    'Change the service control policy that denies it, or',
  ],
  [
    'the key of the table is out of reach',
    refused(
      `KMS key access denied error: ${may('kms:Decrypt')} on resource: ${KEY} because no identity-based policy allows`,
    ),
    SCAN,
    `${ANN} may not kms:Decrypt, which dynamodb:Scan on table orders needs`,
    `Allow kms:Decrypt on ${KEY} to ${ANN}, or`,
  ],
  [
    'SQS, in small letters',
    refused(`${may('sqs:receivemessage')} on resource: arn:aws:sqs:eu-west-1:1:failures because no`, 'AccessDenied'),
    RECEIVE,
    `${ANN} may not sqs:ReceiveMessage on queue failures`,
    `Allow sqs:ReceiveMessage on arn:aws:sqs:eu-west-1:1:failures to ${ANN}, or`,
  ],
  [
    'S3, in quotation marks',
    refused(
      `${may('s3:ListBucket')} on resource: "arn:aws:s3:::failures" because no resource-based policy`,
      'AccessDenied',
    ),
    LIST,
    `${ANN} may not s3:ListBucket on bucket failures`,
    `Allow s3:ListBucket on arn:aws:s3:::failures to ${ANN} in the resource-based policy, or`,
  ],
  [
    'Lambda, on everything',
    refused(`${may('lambda:ListEventSourceMappings')} on resource: * because no identity-based policy allows`),
    MAPPINGS,
    `${ANN} may not lambda:ListEventSourceMappings on stream x`,
    `Allow lambda:ListEventSourceMappings on stream x to ${ANN}, or`,
  ],
  [
    'S3, which says nothing',
    refused('Access Denied', 'AccessDenied'),
    LIST,
    'These credentials may not s3:ListBucket on bucket failures',
    'Allow s3:ListBucket on bucket failures, or',
  ],
  [
    'SQS, of its key',
    refused('The caller does not have the required KMS access', 'KmsAccessDenied'),
    RECEIVE,
    'These credentials may not sqs:ReceiveMessage on queue failures',
    'Allow sqs:ReceiveMessage on queue failures, or',
  ],
])('%s: principal, action and resource are named, and the policy to change', (_, error, call, message, remedy) => {
  const denial = awsDenial(error, call);

  expect(denial?.message).toBe(message);
  expect(denial?.remedy).toContain(remedy);
});

test.each([
  ['in words of its own', `${may('dynamodb:Scan')} on resource: ${TABLE} of the value "secret"`],
  ['for the principal', 'User: secret is not authorized to perform: dynamodb:Scan'],
  ['for the action', `User: ${ANN} is not authorized to perform: secret on resource: secret`],
  ['for the resource', `${may('dynamodb:Scan')} on resource: secret because no secret policy allows it`],
])('a value %s is not passed on', (_, message) => {
  const denial = awsDenial(refused(message), SCAN);

  expect(JSON.stringify(denial)).toContain('dynamodb:Scan on ');
  expect(JSON.stringify(denial)).not.toContain('secret');
});

test('a permission on another resource than the subject names that resource', () => {
  const denial = awsDenial(refused('no'), { action: 'dynamodb:GetRecords', subject: 'a shard', resource: 'arn:aws:x' });

  expect(denial?.remedy).toContain('Allow dynamodb:GetRecords on arn:aws:x');
});

test.each([[refused('no', 'ValidationException')], ['AccessDenied'], [null]])('%s is no refusal', (error) => {
  expect(awsDenial(error, SCAN)).toBeUndefined();
});

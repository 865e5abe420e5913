import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkplace, type Workplace } from '../../support/process/tailrace-process.ts';
import { streamRecord } from '../../support/stream/record.ts';

const TO = ['--destination', 'duckdb:shop.duckdb'];
const ITEM = { email: { S: 'planted' }, address: { M: { city: { S: 'planted' } } } };

let workplace: Workplace;
beforeAll(async () => {
  workplace = await createWorkplace();
  await mkdir(join(workplace.directory, 'schemas'));
  const totals = [{ N: '12.5' }, { S: 'planted' }, { L: [{ S: 'planted' }] }];
  const Records = totals.map((total, index) =>
    streamRecord({
      keys: { id: { S: `A-${index}` } },
      newImage: { ...ITEM, id: { S: `A-${index}` }, total },
      sequenceNumber: String(index + 1),
    }),
  );
  await workplace.tailrace(['replay', 'Orders', '--file', '-', ...TO], { stdin: JSON.stringify({ Records }) });
});
afterAll(() => workplace[Symbol.asyncDispose]());

/** Runs the command with a schema of these columns. */
async function tailrace(args: readonly string[], columns: readonly object[]) {
  await writeFile(join(workplace.directory, 'schemas', 'Orders.json'), JSON.stringify({ columns }, null, 2));
  return workplace.tailrace([...args, ...TO]);
}

test('a misspelt attribute, a nested one with a dot and misfits are named; no value is printed', async () => {
  const ended = await tailrace(
    ['views', 'apply', 'Orders'],
    [
      { name: 'total', type: 'NUMERIC' },
      { name: 'emial', type: 'STRING' },
      { name: 'city', type: 'STRING', path: 'address.city' },
    ],
  );

  expect(ended).toEqual({
    code: 1,
    stdout: [
      'View Orders in duckdb:shop.duckdb was created: 3 columns, 3 items.',
      '  `emial`: no item has it; did you mean `email`?',
      '  `address.city`: no attribute of that name; there is `address` with `city` inside: `["address","city"]` (column city)',
      '  total: 2 values not NUMERIC, NULL in the view:',
      '    string   ["A-1"]',
      '    array    ["A-2"]',
      '',
    ].join('\n'),
    // A replay knows the keys of records, and not which attributes the table's has.
    stderr: expect.stringMatching(
      /^The attributes of Orders's key are unknown here.*: run `.* setup Orders --destination duckdb:shop\.duckdb`, then this again\.\n$/,
    ),
  });
});

test('the path that was proposed is right', async () => {
  const ended = await tailrace(
    ['views', 'apply', 'Orders'],
    [
      { name: 'email', type: 'STRING' },
      { name: 'city', type: 'STRING', path: ['address', 'city'] },
    ],
  );

  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('\n  Every value fits.\n') });
});

test('misfits of a column are listed, and none are a success', async () => {
  const columns = [
    { name: 'id', type: 'STRING' },
    { name: 'total', type: 'NUMERIC' },
  ];

  expect(await tailrace(['views', 'misfits', 'Orders', 'total', '--limit', '1'], columns)).toEqual({
    code: 1,
    stdout: 'string   ["A-1"]\ntotal: 2 values not NUMERIC, NULL in the view, of 3 items.\n',
    stderr: 'Not listed: 1 more value. Give a higher --limit.\n',
  });
  expect(await tailrace(['views', 'misfits', 'Orders', 'id'], columns)).toMatchObject({ code: 0, stderr: '' });
});

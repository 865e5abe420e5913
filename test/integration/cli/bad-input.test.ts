import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWorkplace, type Ended, type Workplace } from '../../support/process/tailrace-process.ts';
import { type Dynoxide, startDynoxide } from '../../support/stream/dynoxide.ts';
import { STREAM_ARN, streamRecord } from '../../support/stream/record.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let server: Dynoxide;
beforeAll(async () => {
  server = await startDynoxide();
});
afterAll(() => server[Symbol.asyncDispose]());

let workplace: Workplace;
beforeEach(async () => {
  workplace = await createWorkplace({ inProcess: true });
});
afterEach(() => workplace[Symbol.asyncDispose]());

/** One line that names the thing and the next step, exit code 2, no stack, and nothing left behind. */
async function expectRefusal(ended: Ended, line: RegExp, files: readonly string[] = []): Promise<void> {
  expect(ended.stderr).toMatch(/^tailrace: [^\n]+\. [^\n]+\n$/);
  expect(ended.stderr).toMatch(line);
  expect(ended.stderr).not.toContain('    at ');
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(await workplace.files()).toEqual(files);
}

const TO = ['--destination', 'duckdb:shop.duckdb'];
const FROM = () => ['--endpoint-url', server.endpointUrl];
const SOURCE_COMMANDS = [['setup'], ['backfill'], ['tail'], ['verify']] as const;

describe.each(SOURCE_COMMANDS)('%s refuses', (command) => {
  test('a table that is not there', async () => {
    const ended = await workplace.tailrace([command, 'no-such-table', ...TO, ...FROM()]);

    await expectRefusal(ended, /no-such-table .*Check the name/);
  });

  test('an endpoint that does not answer', async () => {
    const ended = await workplace.tailrace([command, 'orders', ...TO, '--endpoint-url', 'http://127.0.0.1:1']);

    await expectRefusal(ended, /http:\/\/127\.0\.0\.1:1 .*--endpoint-url/);
  });
});

test('a region or credentials that AWS needs are never guessed', async () => {
  const env = { AWS_EC2_METADATA_DISABLED: 'true' };
  const withoutRegion = await workplace.tailrace(['setup', 'orders', ...TO], { env });
  const withoutCredentials = await workplace.tailrace(['setup', 'orders', ...TO, '--region', 'eu-west-1'], { env });

  await expectRefusal(withoutRegion, /No AWS region is set\. Give --region/);
  await expectRefusal(withoutCredentials, /No usable AWS credentials were found\. Give --profile/);
});

describe.each([['setup'], ['backfill'], ['tail']] as const)('%s refuses', (command) => {
  test.each([[null], ['KEYS_ONLY']] as const)('a table with a stream of %s', async (stream) => {
    const { name } = await server.createTable({ stream });

    const ended = await workplace.tailrace([command, name, ...TO, ...FROM()]);

    const remedy = stream ? `is of ${stream}.*NEW_AND_OLD_IMAGES` : `has no stream.*setup ${name} --enable-stream`;
    await expectRefusal(ended, new RegExp(`${name} ${remedy}`));
  });
});

test.each([['tail'], ['backfill'], ['replay', '--stream']] as const)(
  '%s refuses a --state that can not be written before it creates the destination',
  async (command, ...more) => {
    await writeFile(join(workplace.directory, 'file'), '');
    const { name } = await server.createTable();

    const ended = await workplace.tailrace([command, name, ...more, ...TO, ...FROM(), '--state', 'file/state']);

    await expectRefusal(ended, /file\/state\S* can not be written.*Give another --state/, ['file']);
  },
);

test('the message names a --state that is a file', async () => {
  await writeFile(join(workplace.directory, 'file'), '');
  const { name } = await server.createTable();

  const ended = await workplace.tailrace(['backfill', name, ...TO, ...FROM(), '--state', 'file']);

  await expectRefusal(ended, /file\/backfill\.lock can not be written: a part of its path is a file/, ['file']);
});

describe('a destination', () => {
  test.each([
    ['that is a directory', 'duckdb:.', /is a directory/],
    [
      'in a directory that is not there',
      'duckdb:nowhere/shop.duckdb',
      /directory of .*nowhere\/shop\.duckdb does not exist/,
    ],
    ['of an unknown kind', 'parquet:shop', /"parquet:shop" names no destination\. Name a destination as duckdb:PATH/],
    ['that is no database', 'duckdb:notes.txt', /notes\.txt/],
  ])('%s is refused', async (_, destination, line) => {
    await writeFile(join(workplace.directory, 'notes.txt'), 'planted-value '.repeat(2_000));
    const { name } = await server.createTable();

    const ended = await workplace.tailrace(['setup', name, '--destination', destination, ...FROM()]);

    await expectRefusal(ended, line, ['notes.txt']);
    expect(ended.stderr).not.toContain('planted-value');
  });

  test.each([
    ['query', ['query', 'SELECT 1']],
    ['status', ['status']],
  ])('that does not exist is not created by %s', async (_, args) => {
    await expectRefusal(
      await workplace.tailrace([...args, ...TO]),
      /There is no DuckDB file .*shop\.duckdb.*Check the path.*tailrace\S* setup/,
    );
  });
});

describe('replay refuses', () => {
  const replay = (text: string, ...args: readonly string[]) =>
    workplace.tailrace(['replay', 'Orders', '--file', '-', ...TO, ...args], { stdin: text });
  const event = (...records: readonly unknown[]) => JSON.stringify({ Records: records });

  test.each([
    ['no JSON', '{"planted-value', /standard input ends within a JSON value/],
    ['no event', '{"planted-value":1}', /is of no shape that can be replayed/],
    [
      "another table's records",
      event(streamRecord({ streamArn: STREAM_ARN.replace('Orders', 'Users') })),
      /table\/Users, not of table Orders.*tailrace\S* replay Users/,
    ],
  ])('%s', async (_, text, line) => {
    const ended = await replay(text);

    await expectRefusal(ended, line);
    expect(ended.stderr).not.toContain('planted-value');
  });

  test('a file that is not there', async () => {
    const ended = await workplace.tailrace(['replay', 'Orders', '--file', 'event.json', ...TO]);

    await expectRefusal(ended, /event\.json can't be read: there is no such file/);
  });

  test("another region's records, once the destination knows the table", async () => {
    await replay(event(streamRecord()));
    const ended = await replay(event(streamRecord({ streamArn: STREAM_ARN.replace('eu-central-1', 'us-east-1') })));

    await expectRefusal(ended, /eu-central-1.*us-east-1/, ['shop.duckdb']);
    const count = await workplace.tailrace(['query', 'SELECT count(*) AS n FROM Orders_changelog', '--json', ...TO]);
    expect(count.stdout).toBe('{"n":1}\n');
  });
});

test('the message about a failing statement never quotes a row', async () => {
  await workplace.tailrace(['replay', 'Orders', '--file', '-', ...TO], {
    stdin: JSON.stringify({ Records: [streamRecord({ newImage: { id: { S: 'planted-value' } } })] }),
  });

  const unknown = await workplace.tailrace(['query', 'SELECT nonsense FROM Orders_latest', ...TO]);
  const failing = await workplace.tailrace(['query', "SELECT (item->>'id')::INT FROM Orders_latest", ...TO]);

  await expectRefusal(unknown, /nonsense/, ['shop.duckdb']);
  await expectRefusal(failing, /Conversion Error/, ['shop.duckdb']);
  expect(failing.stderr).toMatch(/numbers are text in the JSON.*typed view/);
  expect(failing.stderr).not.toContain('planted-value');
});

describe('a command that is interrupted', () => {
  test.each([
    ['query', ['query', 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range % 7 = b.range % 11']],
    ['replay that waits for its file', ['replay', 'Orders', '--file', '-']],
  ])('stops at once and says so: %s', async (_, args) => {
    await workplace.tailrace(['replay', 'Orders', '--file', '-', ...TO], {
      stdin: JSON.stringify({ Records: [streamRecord()] }),
    });
    const running = workplace.start([...args, ...TO], { stdin: null });
    // Long enough to have begun: a waiting command shows nothing.
    await sleep(1_500);

    const ended = await running.stop('SIGINT');

    await expectRefusal(ended, /was interrupted/, ['shop.duckdb']);
  });

  test('leaves nothing of a backfill', async () => {
    const { name } = await server.createTable();
    const running = workplace.start(['backfill', name, '--min-stream-age', '600', ...TO, ...FROM()]);
    await expect.poll(() => running.stderr, { timeout: 10_000 }).toMatch(/is young: waiting 10 min/);

    const ended = await running.stop('SIGTERM');

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr.split('\n').at(-2)).toMatch(/^tailrace: .*interrupted/);
    const left = await workplace.tailrace(['query', 'SELECT snapshot_id FROM tailrace_snapshots', '--json', ...TO]);
    expect(left.stdout + left.stderr).not.toContain('20');
  });
});

test('a destination that another process has open is waited for, and then named', async () => {
  const file = join(workplace.directory, 'shop.duckdb');
  const script = `
    import { DuckDBInstance } from '@duckdb/node-api';
    await DuckDBInstance.create(process.argv[1]);
    console.log('open');
    setInterval(() => {}, 1000);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', script, file], { cwd: ROOT });
  try {
    await once(other.stdout, 'data');

    const ended = await workplace.tailrace(['query', 'SELECT 1', ...TO]);

    await expectRefusal(ended, new RegExp(`is open in .*${other.pid}.*Stop the process`), ['shop.duckdb']);
  } finally {
    other.kill('SIGKILL');
    await once(other, 'close');
  }
});

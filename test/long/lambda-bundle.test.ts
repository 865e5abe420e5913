import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FakeBigQuery, startFakeBigQuery } from '../support/bigquery/fake-bigquery.ts';
import { serviceDirectory } from '../support/process/lambda-package.ts';
import { unzip } from '../support/process/zip.ts';
import { type Fauxqs, startFauxqs } from '../support/stream/fauxqs.ts';
import { STREAM_ARN, streamRecord } from '../support/stream/record.ts';

type Metafile = {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<
    Record<string, { readonly bytes: number; readonly imports: readonly { path: string; external?: boolean }[] }>
  >;
};

let task: string;
let files: ReadonlyMap<string, Buffer>;
let metafile: Metafile;
let printed: string;
beforeAll(async () => {
  await using service = await serviceDirectory(['Orders']);
  const { code, output } = await service.serverless('package');
  if (code !== 0) throw new Error(output);
  printed = output;
  metafile = (await service.readPackaged('bundle.json')) as Metafile;
  files = unzip(await readFile(join(service.path, '.serverless/tailrace.zip')));

  // As Lambda lays it out: the archive's files, and the runtime's own SDK where `import` finds it.
  task = await mkdtemp(join(tmpdir(), 'tailrace-task-'));
  await writeFile(join(task, 'stream.mjs'), files.get('src/lambda/stream.mjs') ?? '');
  await symlink(resolve(import.meta.dirname, '../../node_modules'), join(task, 'node_modules'));
  await writeFile(
    join(task, 'invoke.mjs'),
    `const { handler } = await import('./stream.mjs');
     const event = JSON.parse(process.env.EVENT);
     process.stdout.write(JSON.stringify(await handler(event, { getRemainingTimeInMillis: () => 4_000 })) + '\\n');`,
  );
});
afterAll(() => rm(task, { recursive: true }));

describe('the bundle', () => {
  test('holds neither DuckDB, nor the command, nor an AWS SDK', () => {
    const foreign = Object.keys(metafile.inputs).filter((path) =>
      /duckdb|node_modules\/(@aws-sdk|@smithy|@aws-crypto|commander|cli-)|(^|\/)(cli|backfill|demo|test)\/[^/]+\.ts$/.test(
        path,
      ),
    );
    const sources = Object.keys(metafile.inputs).filter((path) => /src\/.*\.ts$/.test(path));

    expect(foreign).toEqual([]);
    expect(sources.some((path) => path.endsWith('src/delivery/stream-handler.ts'))).toBe(true);
  });

  test("leaves nothing to be found at run time but Node's own modules and the S3 client of Lambda's runtime", () => {
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    const others = imports.map(({ path }) => path).filter((path) => !isBuiltin(path));

    expect([...new Set(others)]).toEqual(['@aws-sdk/client-s3']);
  });

  test('is the only file of the archive, under 600 KB, and its size is printed', () => {
    expect([...files.keys()]).toEqual(['src/lambda/stream.mjs']);
    const bytes = files.get('src/lambda/stream.mjs')?.length ?? Number.POSITIVE_INFINITY;
    expect(bytes).toBeLessThan(600_000);
    expect(printed).toContain(`Bundle of stream.mjs: ${Math.ceil(bytes / 1000)} KB`);
  });
});

test("the archive takes Google's credentials in if they are there", async () => {
  await using service = await serviceDirectory(['Orders']);
  await writeFile(join(service.path, 'google-credentials.json'), '{"type":"external_account"}');

  expect(await service.serverless('package')).toMatchObject({ code: 0 });

  const files = unzip(await readFile(join(service.path, '.serverless/tailrace.zip')));
  expect([...files.keys()].sort()).toEqual(['google-credentials.json', 'src/lambda/stream.mjs']);
  expect(files.get('google-credentials.json')?.toString()).toBe('{"type":"external_account"}');
});

describe('under plain Node, as Lambda runs it', () => {
  let bigQuery: FakeBigQuery;
  let fauxqs: Fauxqs;
  beforeAll(async () => {
    fauxqs = await startFauxqs();
    fauxqs.createBucket('failures');
  });
  beforeEach(async () => {
    bigQuery = await startFakeBigQuery();
    return () => bigQuery[Symbol.asyncDispose]();
  });
  afterAll(() => fauxqs[Symbol.asyncDispose]());

  const environment = () => ({
    TAILRACE_STREAM_ARN: STREAM_ARN,
    TAILRACE_DESTINATION: 'bigquery:my-shop.tailrace',
    TAILRACE_DEAD_LETTER_BUCKET: 'failures',
    TAILRACE_BIGQUERY_ENDPOINT: bigQuery.endpointUrl,
    AWS_ENDPOINT_URL_S3: fauxqs.endpointUrl,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  const invoke = (Records: readonly unknown[], env: Readonly<Record<string, string>> = environment()) =>
    promisify(execFile)(process.execPath, ['invoke.mjs'], {
      cwd: task,
      env: { PATH: process.env['PATH'], ...env, EVENT: JSON.stringify({ Records }) },
    }).then(
      ({ stdout }) => ({ code: 0, lines: stdout.trim().split('\n'), stderr: '' }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
        code,
        lines: stdout.trim().split('\n'),
        stderr,
      }),
    );

  test('a batch becomes rows in BigQuery, and a record that can never be written a letter in S3', async () => {
    const Records = [
      streamRecord({ operation: 'INSERT', newImage: { id: { S: 'a' }, total: { N: '12345678901234567890.123' } } }),
      streamRecord({ sequenceNumber: '42', newImage: { id: { X: 'secret' } } }),
    ];

    const { code, lines } = await invoke(Records);

    expect(code).toBe(0);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ batchItemFailures: [] });
    expect(bigQuery.inserts).toMatchObject([
      {
        path: expect.stringContaining('/projects/my-shop/datasets/tailrace/tables/Orders_changelog/insertAll'),
        rows: [{ operation: 'INSERT', new_image: '{"id":"a","total":"12345678901234567890.123"}', origin: 'stream' }],
      },
    ]);
    expect(Object.keys(await fauxqs.objects('failures'))).toEqual([
      expect.stringMatching(/^dead-letters\/Orders\/42-/),
    ]);
    // The log is one JSON object a line, and holds no value.
    expect(lines.slice(0, -1).map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', message: 'record set aside', sequence_number: '42' },
      { level: 'info', message: 'batch delivered', table: 'Orders', rows: 1, set_aside: 1 },
    ]);
    expect(lines.join()).not.toContain('secret');
  });

  test('a destination that is away fails the batch', async () => {
    bigQuery.fault = 'refuse';

    const { code, stderr, lines } = await invoke([streamRecord()]);

    expect(code).toBe(1);
    expect(stderr).toContain('destination-unavailable');
    expect(lines.join()).not.toContain('batchItemFailures');
  });

  test('a start without a usable environment fails before any event is taken, and names all that is missing', async () => {
    const { TAILRACE_STREAM_ARN: _, ...rest } = environment();

    const { code, stderr, lines } = await invoke([streamRecord()], { ...rest, TAILRACE_DESTINATION: 'x' });

    expect(code).toBe(1);
    expect(stderr).toContain(
      'TAILRACE_STREAM_ARN is not set; TAILRACE_DESTINATION: "x" is not bigquery:PROJECT.DATASET',
    );
    expect(lines.join()).not.toContain('batchItemFailures');
    expect(bigQuery.inserts).toEqual([]);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ApiAnswer,
  ApiFailure,
  type ApiRequest,
  type BigQueryApi,
} from '../../../../src/destination/bigquery/api.ts';
import { Caller } from '../../../../src/destination/bigquery/caller.ts';
import { BLOCK_BYTES, blocksOf, uploadBlocks } from '../../../../src/destination/bigquery/resumable-upload.ts';
import { DATASET, startScriptedBigQuery } from '../../../support/bigquery/scripted-bigquery.ts';
import { hurriedClock } from '../../../support/clock/simple-clocks.ts';
import type { OneOf } from '../../../support/faults.ts';
import { rowFile } from '../../../support/values/row-file.ts';
import { scannedRow } from '../../../support/values/rows.ts';
import { seededRandom } from '../../../support/values/seeded-random.ts';
import { RUNS } from '../../../support/vitest/budget.ts';
import { kind } from '../../../support/vitest/kind.ts';

type UploadFault = OneOf<'none' | 'lose-request' | 'lose-response' | 'store-part' | 'expire'>;

/** BigQuery's side of uploads in blocks, with faults. Each block must continue the stored part. */
class Uploads implements BigQueryApi {
  readonly #faults: UploadFault[];
  readonly #unit: string;
  #stored = '';
  #session = 0;
  /** The file, once for each time that it arrived. */
  readonly files: string[] = [];

  /** @param unit The prefix of a range of bytes. */
  constructor(faults: readonly UploadFault[], unit = 'bytes=') {
    this.#faults = [...faults];
    this.#unit = unit;
  }

  send(): Promise<object> {
    throw new Error('send was not expected');
  }

  async exchange({ method, session, headers, body }: ApiRequest): Promise<ApiAnswer> {
    const fault = this.#faults.shift() ?? 'none';
    if (fault === 'lose-request') throw new ApiFailure({});
    if (method === 'POST') {
      this.#stored = '';
      if (fault === 'lose-response') throw new ApiFailure({});
      return { status: 200, json: {}, location: `session ${++this.#session}`, range: null, answeredAt: null };
    }
    expect(session).toBe(`session ${this.#session}`);
    if (fault === 'expire') throw new ApiFailure({ status: 410 });
    const range = headers?.['Content-Range'] ?? '';
    const [, first, last, total] = /^bytes (?:([0-9]+)-([0-9]+)|[*])[/]([0-9]+|[*])$/.exec(range) ?? [];
    const text = String(body?.bytes ?? '');
    if (first === undefined) expect(text).toBe('');
    else {
      expect([Number(first), Number(last) + 1]).toEqual([this.#stored.length, this.#stored.length + text.length]);
      this.#stored += fault === 'store-part' ? text.slice(0, text.length / 2) : text;
    }
    const isWhole = this.#stored.length === Number(total);
    if (isWhole && this.files.at(-1) !== this.#stored) this.files.push(this.#stored);
    if (fault === 'lose-response') throw new ApiFailure({});
    if (isWhole) return { status: 200, json: { id: 'job' }, location: null, range: null, answeredAt: null };
    const length = this.#stored.length;
    return {
      status: 308,
      json: {},
      location: null,
      range: length === 0 ? null : `${this.#unit}0-${length - 1}`,
      answeredAt: null,
    };
  }
}

const BEGIN = { doing: 'load rows', permission: 'jobs.create', method: 'POST', path: 'jobs', upload: true } as const;
const BLOCKS = ['first ', 'second ', 'third'];

function upload(api: Uploads): Promise<object> {
  const blocks = () => BLOCKS.map((text, index) => ({ bytes: Buffer.from(text), isLast: index === BLOCKS.length - 1 }));
  return uploadBlocks(new Caller(api, hurriedClock(), seededRandom(1)), BEGIN, blocks);
}

test('whatever is lost on the way, the file arrives once and whole', async () => {
  const fault = fc.constantFrom<UploadFault>('none', 'lose-request', 'lose-response', 'store-part');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 8 }),
      fc.nat(8),
      fc.constantFrom('bytes=', ''),
      async (faults, lost, unit) => {
        const all = faults.toSpliced(lost, 0, ...(lost > 0 && lost < 8 ? (['expire'] as const) : []));
        const api = new Uploads(all, unit);

        expect(await upload(api)).toEqual({ id: 'job' });

        expect(api.files).toEqual([BLOCKS.join('')]);
      },
    ),
    RUNS,
  );
});

test('a session that is lost again and again is reported', async () => {
  const lost = ['none', 'expire'] as const;

  await expect(upload(new Uploads([...lost, ...lost, ...lost]))).rejects.toMatchObject({ message: /load rows/ });
});

test('a server that accepts nothing is reported once the retries are over', async () => {
  const faults = Array.from({ length: 500 }, (_, index): UploadFault => (index === 0 ? 'none' : 'lose-request'));

  await expect(upload(new Uploads(faults))).rejects.toMatchObject(kind('destination-unavailable'));
});

test('a file is cut into blocks of one size, whatever its parts are', () => {
  const parts = [1, BLOCK_BYTES, 3 * BLOCK_BYTES, BLOCK_BYTES - 1].map((size, index) => Buffer.alloc(size, index + 1));

  const blocks = [...blocksOf(parts)];

  expect(blocks.map(({ bytes, isLast }) => [bytes.length, isLast])).toEqual([
    ...Array.from({ length: 4 }, () => [BLOCK_BYTES, false]),
    [BLOCK_BYTES, true],
  ]);
  expect(Buffer.concat(blocks.map(({ bytes }) => bytes)).equals(Buffer.concat(parts))).toBe(true);
});

test.each(['bytes=', ''])(
  'a load larger than a block goes in blocks, through the real client: "%s0-…"',
  async (unit) => {
    const session = '{endpoint}/upload/bigquery/v2/projects/my-project/session?upload_id=x';
    await using server = await startScriptedBigQuery({
      [`GET datasets/${DATASET.dataset}`]: { json: { location: 'EU' } },
      'POST jobs': { headers: { location: session } },
      'PUT session': [
        { status: 308, headers: { range: `${unit}0-${BLOCK_BYTES - 1}` } },
        { json: { jobReference: { jobId: 'x' }, status: { state: 'DONE' } } },
      ],
    });
    const rows = Array.from({ length: 30 }, (_, id) =>
      scannedRow(`${id}`, JSON.stringify({ text: 'x'.repeat(390_000) })),
    );
    const table = { name: 'orders', arn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', tableId: null };

    await server.destination().loadSnapshot(table, '20260304t050607z1f3a', 'chunk', rowFile(rows));

    const [, begun, ...puts] = server.requests;
    expect(begun?.query).toMatchObject({ uploadType: 'resumable' });
    expect(begun?.headers).toMatchObject({ 'x-upload-content-type': 'application/octet-stream' });
    expect(JSON.parse(begun?.body ?? '')).toHaveProperty('configuration.load');
    expect(puts.map(({ query }) => query['upload_id'])).toEqual(['x', 'x']);
    const text = puts.map(({ body }) => body).join('');
    expect(puts.map(({ headers }) => headers['content-range'])).toEqual([
      `bytes 0-${BLOCK_BYTES - 1}/*`,
      `bytes ${BLOCK_BYTES}-${text.length - 1}/${text.length}`,
    ]);
    expect(text.split('\n').map((line) => JSON.parse(line).key)).toEqual(rows.map(({ key }) => key));
  },
);

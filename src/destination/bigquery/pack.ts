import { Buffer } from 'node:buffer';

/** A row as it stands in a request. */
export type PackedRow = {
  /** Index into the rows that were given. */
  readonly index: number;
  /** The row's entry in the request's `rows`. */
  readonly text: string;
  /** Length of the text in UTF-8. */
  readonly bytes: number;
};

export type Packing = {
  /** Rows that go together, in their order. */
  readonly requests: readonly (readonly PackedRow[])[];
  /** Rows that are too large even alone. */
  readonly tooLarge: readonly PackedRow[];
};

/** Google recommends about 500 rows a request; beyond that latency grows, not throughput. */
const MAX_ROWS = 500;
/**
 * The limit is 10 MB of request; a megabyte of margin is what others found they needed.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#streaming_inserts>
 */
export const MAX_BYTES = 9_000_000;

const START = '{"rows":[';
const END = ']}';

/** Packs rows into as few requests as the limits allow, by the bytes that are sent. */
export function pack(texts: Iterable<string>): Packing {
  const requests: PackedRow[][] = [];
  const tooLarge: PackedRow[] = [];
  let request: PackedRow[] = [];
  let size = START.length + END.length;
  let index = 0;
  for (const text of texts) {
    const row = { index: index++, text, bytes: Buffer.byteLength(text) };
    if (START.length + row.bytes + END.length > MAX_BYTES) {
      tooLarge.push(row);
      continue;
    }
    // One more byte for the comma.
    if (request.length === MAX_ROWS || (request.length > 0 && size + 1 + row.bytes > MAX_BYTES)) {
      requests.push(request);
      request = [];
      size = START.length + END.length;
    }
    size += row.bytes + (request.length > 0 ? 1 : 0);
    request.push(row);
  }
  if (request.length > 0) requests.push(request);
  return { requests, tooLarge };
}

/** The body of the request that holds `rows`. */
export function requestBody(rows: readonly PackedRow[]): string {
  return `${START}${rows.map(({ text }) => text).join(',')}${END}`;
}

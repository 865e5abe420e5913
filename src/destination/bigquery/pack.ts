import { Buffer } from 'node:buffer';

/** A row's place in what was given, and its size. */
export type PackedRow = {
  /** Index into the rows that were given. */
  readonly index: number;
  /** Length in UTF-8 of the row's entry in a request. */
  readonly bytes: number;
};

/** Rows that go together, in their order, as the request that holds them; or a row that is too large even alone. */
export type Packed = { readonly rows: readonly PackedRow[]; readonly body: string } | { readonly tooLarge: PackedRow };

/** Google recommends about 500 rows a request; beyond that latency grows, not throughput. */
const MAX_ROWS = 500;
/**
 * The limit is 10 MB of request; a megabyte of margin is what others found they needed.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#streaming_inserts>
 */
export const MAX_BYTES = 9_000_000;

const START = '{"rows":[';
const END = ']}';

/**
 * Packs rows into as few requests as the limits allow, by the bytes that are sent.
 *
 * Lazily: a row's text is asked for when its request is, so that no more of them are in memory than are being sent.
 */
export function* pack(texts: Iterable<string>): Generator<Packed, void, undefined> {
  let rows: PackedRow[] = [];
  let entries: string[] = [];
  let size = START.length + END.length;
  let index = 0;
  for (const text of texts) {
    const row = { index: index++, bytes: Buffer.byteLength(text) };
    if (START.length + row.bytes + END.length > MAX_BYTES) {
      yield { tooLarge: row };
      continue;
    }
    // One more byte for the comma.
    if (rows.length === MAX_ROWS || (rows.length > 0 && size + 1 + row.bytes > MAX_BYTES)) {
      const request = { rows, body: requestBody(entries) };
      rows = [];
      entries = [];
      size = START.length + END.length;
      yield request;
    }
    size += row.bytes + (rows.length > 0 ? 1 : 0);
    rows.push(row);
    entries.push(text);
  }
  if (rows.length > 0) yield { rows, body: requestBody(entries) };
}

/** The body of the request that holds these entries. */
export function requestBody(entries: readonly string[]): string {
  return `${START}${entries.join(',')}${END}`;
}

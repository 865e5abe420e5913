import type { Buffer } from 'node:buffer';
import { Utf8Writer } from '../../value/utf8-writer.ts';
import type { RowWriter } from './row-json.ts';

/** Where a row stands. */
export type PackedRow = {
  /** Index into the rows that were given. */
  readonly index: number;
  /** Where its entry begins in the request's body. */
  readonly start: number;
  /** Length in UTF-8 of the row's entry in a request. */
  readonly bytes: number;
};

/** Rows that go into one request, in order, and its body. */
export type PackedRows = { readonly rows: readonly PackedRow[]; readonly body: Buffer };

/** A request, or a row that is too large even alone. */
type Packed = PackedRows | { readonly tooLarge: PackedRow };

/** Google recommends about 500 rows a request; beyond that latency grows, not throughput. */
const MAX_ROWS = 500;
/**
 * The limit is 10 MB of request; others found that a megabyte of margin is needed.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#streaming_inserts>
 */
export const MAX_BYTES = 9_000_000;

const START = '{"rows":[';
const COMMA = 0x2c;
const END = ']}';

/**
 * Packs rows into as few requests as the limits allow, by the bytes that are sent.
 *
 * Lazily: a row is written when its request is pulled, so that only the requests being sent are in memory.
 *
 * @param leastBytes Bytes that a row takes at least. One of more than a request may have isn't written at all.
 */
export function* pack<Row>(
  given: readonly Row[],
  write: RowWriter<Row>,
  leastBytes: (row: Row) => number = () => 0,
): Generator<Packed, void, undefined> {
  using borrowed = borrowWriter();
  const { out } = borrowed;
  out.ascii(START);
  let rows: PackedRow[] = [];
  for (let index = 0; index < given.length; index++) {
    const least = leastBytes(given[index] as Row);
    if (least > MAX_BYTES) {
      yield { tooLarge: { index, start: 0, bytes: least } };
      continue;
    }
    const end = out.length;
    if (rows.length > 0) out.byte(COMMA);
    const start = out.length;
    write(out, given[index] as Row);
    let row: PackedRow = { index, start, bytes: out.length - start };
    if (START.length + row.bytes + END.length > MAX_BYTES) {
      out.cut(end);
      yield { tooLarge: row };
      continue;
    }
    if (rows.length === MAX_ROWS || out.length + END.length > MAX_BYTES) {
      // This row begins the next request.
      const entry = out.copy(start);
      out.cut(end);
      const request = { rows, body: ended(out) };
      rows = [];
      out.cut(START.length);
      out.bytes(entry);
      row = { ...row, start: START.length };
      yield request;
    }
    rows.push(row);
  }
  if (rows.length > 0) yield { rows, body: ended(out) };
}

/** Packs some of the rows, all of them into one request. */
export function packTogether<Row>(
  given: readonly Row[],
  chosen: readonly PackedRow[],
  write: RowWriter<Row>,
): PackedRows {
  using borrowed = borrowWriter();
  const { out } = borrowed;
  out.ascii(START);
  const rows = chosen.map(({ index, bytes }, position): PackedRow => {
    if (position > 0) out.byte(COMMA);
    const start = out.length;
    write(out, given[index] as Row);
    return { index, start, bytes };
  });
  return { rows, body: ended(out) };
}

function ended(out: Utf8Writer): Buffer {
  out.ascii(END);
  return out.copy();
}

/** A writer to use again, so that its memory is allocated once; one that a large request has grown is dropped. */
let spare: Utf8Writer | undefined;
const MAX_SPARE_BYTES = 4_000_000;

function borrowWriter(): { readonly out: Utf8Writer } & Disposable {
  const out = spare ?? new Utf8Writer(256 * 1024);
  spare = undefined;
  out.cut(0);
  return {
    out,
    [Symbol.dispose]() {
      if (out.capacity <= MAX_SPARE_BYTES) spare = out;
    },
  };
}

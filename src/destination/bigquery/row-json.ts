import { Buffer } from 'node:buffer';
import { Utf8Writer } from '../../value/utf8-writer.ts';
import type { Column, ColumnType } from '../../views/column.ts';

/**
 * How JSON columns are written: as JSON text in a string, the only form that a streaming insert takes, or as the JSON
 * itself, the only form that a load job takes.
 */
export type JsonForm = 'quoted' | 'raw';

/** Writes a row at the end of a text. */
export type RowWriter<Row> = (out: Utf8Writer, row: Row) => void;

/** Makes what writes rows as a line of JSON each. NULLs are left out: BigQuery reads an absent column as NULL. */
export function rowWriter<Row>(columns: readonly Column<Row>[], jsonForm: JsonForm): RowWriter<Row> {
  const fields = columns.map(({ name, field, type }) => ({
    field,
    opening: Buffer.from(`{"${name}":`),
    following: Buffer.from(`,"${name}":`),
    write: WRITERS[type === 'JSON' ? jsonForm : type],
  }));
  return (out, row) => {
    let written = 0;
    for (const { field, opening, following, write } of fields) {
      const value = row[field];
      if (value === null) continue;
      out.bytes(written++ === 0 ? opening : following);
      write(out, value);
    }
    out.ascii(written === 0 ? '{}' : '}');
  };
}

/** A row as one line of JSON. */
export function rowJson<Row>(columns: readonly Column<Row>[], row: Row, jsonForm: JsonForm): string {
  const out = new Utf8Writer(1024);
  rowWriter(columns, jsonForm)(out, row);
  return out.toString();
}

const WRITERS: Readonly<Record<Exclude<ColumnType, 'JSON'> | JsonForm, (out: Utf8Writer, value: unknown) => void>> = {
  STRING: writeString,
  INT64: (out, value) => out.ascii(String(value)),
  BOOL: (out, value) => out.ascii(String(value)),
  TIMESTAMP: (out, value) => out.ascii(typeof value === 'number' ? timeJson(value) : 'null'),
  quoted: (out, value) => out.jsonInString(String(value)),
  raw: (out, value) => out.text(String(value)),
};

function writeString(out: Utf8Writer, value: unknown): void {
  const text = String(value);
  // Half of a surrogate pair is escaped, so that the rest of the row still is UTF-8.
  if (!out.jsonString(text)) out.ascii(JSON.stringify(text));
}

/** Rows come by the second and by the batch, so few times stand in many of them. */
const times = new Map<number, string>();
const MAX_TIMES = 1_000;

function timeJson(ms: number): string {
  const known = times.get(ms);
  if (known !== undefined) return known;
  if (times.size >= MAX_TIMES) times.clear();
  const text = `"${new Date(ms).toISOString()}"`;
  times.set(ms, text);
  return text;
}

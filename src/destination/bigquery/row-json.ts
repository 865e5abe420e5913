import { Buffer } from 'node:buffer';
import type { Column, ColumnType } from '../../column.ts';
import { Utf8Writer } from '../../value/utf8-writer.ts';

/**
 * How JSON columns are written: as JSON text in a string, the only form that a streaming insert takes, or as the JSON
 * itself, the only form that a load job takes.
 */
type JsonForm = 'quoted' | 'raw';

/** Writes a row at the end of a text. */
export type RowWriter<Row> = (out: Utf8Writer, row: Row) => void;

/**
 * Makes a writer of rows, each as a line of JSON. NULLs are left out: BigQuery reads an absent column as NULL.
 *
 * @param first JSON of further fields, in front of the row's own, of which the first is never NULL: `"name":"value",`.
 */
export function rowWriter<Row>(columns: readonly Column<Row>[], jsonForm: JsonForm, first = ''): RowWriter<Row> {
  const fields = columns.map(({ name, field, type }) => ({
    field,
    opening: Buffer.from(`{${first}"${name}":`),
    following: Buffer.from(`,"${name}":`),
    write: valueWriter(name, type, jsonForm),
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

type ValueWriter = (out: Utf8Writer, value: unknown) => void;

function valueWriter(name: string, type: ColumnType, jsonForm: JsonForm): ValueWriter {
  switch (type) {
    case 'JSON':
      return jsonForm === 'raw' ? writeJson : writeJsonText;
    case 'STRING':
      // A key is JSON text too, and full of quotes.
      return name === 'key' ? writeJsonText : writeString;
    case 'TIMESTAMP':
      return repeating((value) => `"${new Date(Number(value)).toISOString()}"`);
    default:
      return repeating(String);
  }
}

function writeJson(out: Utf8Writer, value: unknown): void {
  out.text(String(value));
}

function writeJsonText(out: Utf8Writer, value: unknown): void {
  out.jsonInString(String(value));
}

function writeString(out: Utf8Writer, value: unknown): void {
  const text = String(value);
  // Half of a surrogate pair is escaped, so that the rest of the row still is UTF-8.
  if (!out.jsonString(text)) out.ascii(JSON.stringify(text));
}

/** Writes the last text again for the same value: a time, a flag or a count is mostly that of the row before. */
function repeating(textOf: (value: unknown) => string): ValueWriter {
  let last: unknown;
  let written: Uint8Array = Buffer.alloc(0);
  return (out, value) => {
    if (value !== last) {
      last = value;
      written = Buffer.from(textOf(value));
    }
    out.bytes(written);
  };
}

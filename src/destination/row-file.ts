import { closeSync, openSync, readSync } from 'node:fs';
import type { RowForm } from './row-form.ts';

/**
 * Rows in a file, on their way into a destination: a chunk of any size takes no memory.
 *
 * A row is a line of UTF-8, with {@link FIELD_END} between its fields. Neither is escaped: JSON text and digests hold no
 * control characters.
 */
export type RowFile<Row> = {
  readonly path: string;
  readonly form: RowForm<Row>;
  /** How many rows it holds. */
  readonly rows: number;
  /** How many bytes its lines have in all. */
  readonly bytes: number;
  /** Bytes of its longest line, the end of it included; 0 without rows. */
  readonly longest: number;
};

/** ASCII's own separator of units. */
export const FIELD_END = '\x1f';

const BLOCK_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/** The row's line, its end included. */
export function lineOf<Row>({ fieldsOf }: RowForm<Row>, row: Row): string {
  return `${fieldsOf(row).join(FIELD_END)}\n`;
}

/** The rows of a file, in their order, a block of it in memory at a time. They can be iterated more than once. */
export function rowsOf<Row>({ path, form }: RowFile<Row>): Iterable<Row> {
  return {
    *[Symbol.iterator]() {
      for (const line of linesOf(path)) yield form.rowOf(line.split(FIELD_END));
    },
  };
}

function* linesOf(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    let rest = Buffer.alloc(0);
    for (;;) {
      const block = Buffer.allocUnsafe(rest.length + BLOCK_BYTES);
      rest.copy(block);
      const read = readSync(file, block, rest.length, BLOCK_BYTES, null);
      if (read === 0) return;
      const bytes = block.subarray(0, rest.length + read);
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        yield bytes.toString('utf8', from, end);
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
  } finally {
    closeSync(file);
  }
}

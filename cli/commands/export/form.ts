import { extname } from 'node:path';
import { TailraceError } from '../../../src/errors.ts';
import type { ExportForm } from '../../../src/views/exported-rows.ts';

/** The names of the forms that a file can have. */
export type FileFormat = ExportForm['name'];

export type FormOptions = {
  readonly format?: FileFormat | undefined;
  readonly out: string;
  /** What stands for NULL in CSV. */
  readonly null?: string | undefined;
  readonly spreadsheetSafe?: boolean | undefined;
};

const BY_SUFFIX: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.parquet': 'parquet',
};

/** What a reader of CSV would take apart. */
const NO_NULL = /[",\r\n]/;

/**
 * The form of the file that the options ask for.
 *
 * @throws {TailraceError} `usage-invalid` if none is named, or an option isn't for it.
 */
export function formOf({ format, out, null: nullText, spreadsheetSafe }: FormOptions): ExportForm {
  const name = format ?? BY_SUFFIX[extname(out).toLowerCase()];
  if (name === undefined) {
    throw new TailraceError('usage-invalid', `The name ${JSON.stringify(out)} doesn't tell the format`, {
      remedy: 'Give --format csv, ndjson or parquet.',
    });
  }
  if (name === 'csv') {
    if (NO_NULL.test(nullText ?? '')) {
      throw new TailraceError('usage-invalid', '--null must have no comma, quote or line end', {
        remedy: "Give a word, such as --null NULL or --null '\\N'.",
      });
    }
    return { name, nullText: nullText ?? '', spreadsheetSafe: spreadsheetSafe ?? false };
  }
  const [misplaced] = [nullText !== undefined && '--null', spreadsheetSafe && '--spreadsheet-safe'].filter(Boolean);
  if (misplaced === undefined) return { name };
  throw new TailraceError('usage-invalid', `${misplaced} is about CSV, and the format is ${name}`, {
    remedy: `Leave ${misplaced} out, or give --format csv.`,
  });
}

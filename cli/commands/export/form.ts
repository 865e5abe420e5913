import { extname } from 'node:path';
import { TailraceError } from '../../../src/errors.ts';
import type { ExportForm } from '../../../src/views/copy-statement.ts';

/** The formats that a file can have. A Tableau extract is made of a Parquet file. */
export const FILE_FORMATS = ['csv', 'ndjson', 'parquet', 'hyper'] as const;

export type FileFormat = (typeof FILE_FORMATS)[number];

export type FormOptions = {
  readonly format?: FileFormat | undefined;
  readonly out: string;
  /** What stands for NULL in CSV. */
  readonly null?: string | undefined;
  readonly spreadsheetSafe?: boolean | undefined;
  /** The Python that makes a Tableau extract. */
  readonly python?: string | undefined;
};

const BY_SUFFIX: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.parquet': 'parquet',
  '.hyper': 'hyper',
};

/** What a reader of CSV would take apart. */
const NO_NULL = /[",\r\n]/;

/** The format that is asked for, and the form in which the rows are written for it. */
export type ChosenForm = { readonly format: FileFormat; readonly form: ExportForm };

/**
 * The form of the file that the options ask for.
 *
 * @throws {TailraceError} `usage-invalid` if none is named, or an option isn't for it.
 */
export function formOf({ format, out, null: nullText, spreadsheetSafe, python }: FormOptions): ChosenForm {
  const name = format ?? BY_SUFFIX[extname(out).toLowerCase()];
  if (name === undefined) {
    throw new TailraceError('usage-invalid', `The name ${JSON.stringify(out)} doesn't tell the format`, {
      remedy: 'Give --format csv, ndjson, parquet or hyper.',
    });
  }
  if (python !== undefined && name !== 'hyper') throw misplacedOption('--python', 'Tableau extracts', name, 'hyper');
  if (name === 'csv') {
    if (NO_NULL.test(nullText ?? '')) {
      throw new TailraceError('usage-invalid', '--null must have no comma, quote or line end', {
        remedy: "Give a word, such as --null NULL or --null '\\N'.",
      });
    }
    return { format: name, form: { name, nullText: nullText ?? '', spreadsheetSafe: spreadsheetSafe ?? false } };
  }
  const [misplaced] = [nullText !== undefined && '--null', spreadsheetSafe && '--spreadsheet-safe'].filter(Boolean);
  if (misplaced) throw misplacedOption(misplaced, 'CSV', name, 'csv');
  if (name === 'ndjson') return { format: name, form: { name } };
  return { format: name, form: { name: 'parquet', nested: name === 'hyper' ? 'text' : 'typed' } };
}

function misplacedOption(option: string, about: string, format: FileFormat, right: FileFormat): TailraceError {
  return new TailraceError('usage-invalid', `${option} is about ${about}, and the format is ${format}`, {
    remedy: `Leave ${option} out, or give --format ${right}.`,
  });
}

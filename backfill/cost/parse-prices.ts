import { z } from 'zod';
import { TailraceError } from '../../src/errors.ts';
import { syntaxProblem } from '../../src/schema/json-place.ts';
import type { Prices } from './prices.ts';

const price = z.number({ error: 'expected a number of dollars' }).min(0).optional();
const file = z
  .strictObject({ read_units_per_million: price, export_per_gb: price, transfer_out_per_gb: price })
  .refine((given) => Object.keys(given).length > 0, { error: 'no price is given' });

/**
 * Reads a user's prices from a file's text, such as `{"read_units_per_million": 0.1415, "export_per_gb": 0.114,
 * "transfer_out_per_gb": 0.09}`. The other prices stay as known.
 *
 * @throws {TailraceError} `usage-invalid` naming every problem.
 */
export function parsePrices(text: string, path: string, known: Prices | null = null): Prices {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(path, `it is not JSON (${syntaxProblem(text)})`, cause);
  }
  const read = file.safeParse(json);
  if (!read.success) {
    throw invalid(
      path,
      read.error.issues
        .map(({ path: at, message }) => `${at.map((name) => `${String(name)}: `).join('')}${message}`)
        .join('; '),
    );
  }
  const { read_units_per_million: ofReading, export_per_gb: ofExport, transfer_out_per_gb: ofTransfer } = read.data;
  const isWhole = ofReading !== undefined && ofExport !== undefined && ofTransfer !== undefined;
  return {
    region: isWhole ? null : (known?.region ?? null),
    readMillion: ofReading ?? known?.readMillion ?? null,
    exportGb: ofExport ?? known?.exportGb ?? null,
    transferOutGb: ofTransfer ?? known?.transferOutGb ?? null,
    asOf: isWhole ? null : (known?.asOf ?? null),
  };
}

function invalid(path: string, problem: string, cause?: unknown): TailraceError {
  return new TailraceError('usage-invalid', `The prices in ${path} can't be used: ${problem}`, {
    remedy: 'Give any of {"read_units_per_million": …, "export_per_gb": …, "transfer_out_per_gb": …}, in US dollars.',
    cause,
  });
}

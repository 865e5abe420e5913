import { TailraceError } from '../../src/errors.ts';
import type { Dependencies, Source } from '../dependencies.ts';
import { counted, dollars } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import {
  type BackfillEstimate,
  type EstimateOptions,
  estimateOf,
  isMuch,
  printEstimate,
  unitsOfCost,
} from './backfill-estimate.ts';

export type PermitOptions = EstimateOptions & {
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly maxReadUnits: number | undefined;
  /** In US dollars. */
  readonly maxCost: number | undefined;
};

/** Whether a backfill may begin, and how much it may read. */
export type Permit = Pick<BackfillEstimate, 'unitDollars'> & {
  readonly isGiven: boolean;
  readonly maxUnits: number | undefined;
};

/**
 * Finds out what a backfill may use, and asks where that is much.
 *
 * @param isBegun Whether it only goes on: then it was asked about before.
 * @throws {TailraceError} `usage-invalid` if it is much and there is nobody to ask, or the price of a cap isn't known.
 */
export async function permitBackfill(
  options: PermitOptions,
  isBegun: boolean,
  source: Source,
  dependencies: Pick<Dependencies, 'readText' | 'random' | 'signal' | 'confirm'>,
  output: Output,
): Promise<Permit> {
  const { table, dryRun, yes, maxCost, maxReadUnits, prices } = options;
  if (options.sample && !dryRun) {
    // It would read past a cap.
    throw new TailraceError('usage-invalid', '--sample is for --dry-run alone', { remedy: 'Give both, or neither.' });
  }
  const description = await source.tables.describe(table);
  const estimated = (sample: boolean) => estimateOf({ ...options, sample }, description, source, dependencies);
  const isUncounted = description.sizeBytes === 0;
  if (dryRun) {
    // On a local server a sample costs nothing.
    const estimate = await estimated(options.sample || (isUncounted && source.isLocal));
    printEstimate(table, estimate, output);
    return { isGiven: false, maxUnits: undefined, unitDollars: estimate.unitDollars };
  }
  const bought =
    maxCost === undefined ? undefined : await unitsOfCost(maxCost, prices, description, source, dependencies.readText);
  const caps = [maxReadUnits, bought].filter((cap) => cap !== undefined);
  const maxUnits = caps.length === 0 ? undefined : Math.min(...caps);
  const isUnasked = yes || isBegun || maxUnits !== undefined;
  // A table that nobody has counted may be of any size.
  const estimate = await estimated(isUncounted && !isUnasked && !source.isLocal);
  const { unitDollars } = estimate;
  const isLittle = !isMuch(estimate) && (estimate.isCounted || source.isLocal);
  if (isUnasked || isLittle) return { isGiven: true, maxUnits, unitDollars };

  const answer = await dependencies.confirm(`${questionOf(table, estimate)} Go on?`);
  if (answer === null) {
    throw new TailraceError('usage-invalid', questionOf(table, estimate), {
      remedy: 'Give --yes if that is meant, or a cap; --dry-run says more.',
    });
  }
  return { isGiven: answer, maxUnits, unitDollars };
}

function questionOf(table: string, { readUnits, readDollars, transferDollars, isCounted }: BackfillEstimate): string {
  const units = counted(readUnits, 'read unit');
  if (!isCounted) return `DynamoDB has not counted ${table} yet: reading it takes ${units} at least, or far more.`;
  return `Reading ${table} takes about ${units}, ${costOf(readDollars, transferDollars)}.`;
}

function costOf(reading: number | null, transfer: number | null): string {
  if (reading !== null && transfer !== null) return `about ${dollars(reading + transfer)}`;
  if (reading !== null) return `about ${dollars(reading)}, and what leaves AWS at a price that is not known`;
  if (transfer !== null) return `at a price that is not known, and about ${dollars(transfer)} for what leaves AWS`;
  return 'at a price that is not known';
}

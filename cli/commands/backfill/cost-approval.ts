import type { BackfillCheckpoint } from '../../../backfill/checkpoint.ts';
import { MAX_PAGE_UNITS } from '../../../backfill/cost/request-cost.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { TableDescription } from '../../../src/source/table-reader.ts';
import type { Connection, Dependencies } from '../../dependencies.ts';
import { counted, dollars } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import {
  type BackfillEstimate,
  type EstimateOptions,
  estimateOf,
  isMuch,
  printEstimate,
  unitsOfCost,
} from './estimate.ts';

export type CostApprovalOptions = EstimateOptions & {
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly maxReadUnits: number | undefined;
  /** In US dollars. */
  readonly maxCost: number | undefined;
};

/** Whether a backfill may begin, and how much it may read. */
export type CostApproval = Pick<BackfillEstimate, 'unitDollars'> & {
  readonly isGiven: boolean;
  readonly maxUnits: number | undefined;
  /** The option to give more by, where a cap stops it; `null` where that isn't known. */
  readonly capOption: CapOption | null;
};

type CapOption = '--max-read-units' | '--max-cost';

/** Why a cap in dollars bounds nothing. */
const UNBINDING = '--max-cost is the price of read units, which cost nothing more here, so it bounds nothing';

/**
 * Finds out what a backfill may use, and asks if that is much.
 *
 * A resumed backfill is asked about like a new one, by what is left of it: a cap that stopped it approved nothing beyond.
 *
 * @param resumed The checkpoint that it resumes; `null` if it begins.
 * @throws {TailraceError} `usage-invalid` if it is much and there is no terminal to ask at, or the price of a cap isn't
 *   known.
 */
export async function approveCost(
  options: CostApprovalOptions,
  resumed: BackfillCheckpoint | null,
  connection: Connection,
  dependencies: Pick<Dependencies, 'readText' | 'random' | 'signal' | 'confirm'>,
  output: Output,
): Promise<CostApproval> {
  const { table, dryRun, yes, maxCost, maxReadUnits, prices } = options;
  if (options.sample && !dryRun) {
    // It would read past a cap.
    throw new TailraceError('usage-invalid', '--sample is for --dry-run alone', { remedy: 'Give both, or neither.' });
  }
  const description = countedBeyond(await connection.tables.describe(table), resumed);
  const estimated = (sample: boolean) => estimateOf({ ...options, sample }, description, connection, dependencies);
  const isUncounted = description.sizeBytes === 0;
  if (dryRun) {
    // On a local server a sample costs nothing.
    const estimate = await estimated(options.sample || (isUncounted && connection.isLocal));
    printEstimate(table, estimate, output);
    return { isGiven: false, maxUnits: undefined, capOption: null, unitDollars: estimate.unitDollars };
  }
  const bought =
    maxCost === undefined
      ? undefined
      : await unitsOfCost(maxCost, prices, description, connection, dependencies.readText);
  const caps = [maxReadUnits, bought].filter((cap) => cap !== undefined);
  const maxUnits = caps.length === 0 ? undefined : Math.min(...caps);
  const capOption: CapOption = maxUnits !== undefined && maxUnits === bought ? '--max-cost' : '--max-read-units';
  const isUnasked = yes || maxUnits !== undefined || isAllRead(resumed);
  // A table that isn't counted yet may be of any size.
  const estimate = restOf(await estimated(isUncounted && !isUnasked && !connection.isLocal), resumed);
  const { unitDollars } = estimate;
  if (maxUnits !== undefined && maxUnits < MAX_PAGE_UNITS) output.warn(tooLow(capOption, maxUnits, unitDollars ?? 0));
  const isLittle = !isMuch(estimate) && (estimate.isCounted || connection.isLocal);
  if (isUnasked || isLittle) return { isGiven: true, maxUnits, capOption, unitDollars };

  const question = questionOf(table, estimate, resumed);
  const answer = await dependencies.confirm([question, ...(maxCost ? [`${UNBINDING}.`] : []), 'Go on?'].join(' '));
  if (answer === null) {
    const cap = maxCost ? `--max-read-units: ${UNBINDING}` : 'a cap';
    throw new TailraceError('usage-invalid', question, {
      remedy: `Give --yes to approve it, or ${cap}; --dry-run shows the estimate.`,
    });
  }
  return { isGiven: answer, maxUnits, capOption, unitDollars };
}

/** Warns that no page may be read within a cap, in the units of the option. */
function tooLow(option: CapOption, maxUnits: number, unitDollars: number): string {
  const isOfCost = option === '--max-cost';
  const cap = isOfCost ? `buys ${counted(maxUnits, 'read unit')}` : `is ${counted(maxUnits, 'read unit')}`;
  const least = isOfCost ? plainDollars((MAX_PAGE_UNITS + 1) * unitDollars) : MAX_PAGE_UNITS;
  return `${option} ${cap}, and a page may take ${MAX_PAGE_UNITS}: nothing is read. Give ${option} ${least} or more.`;
}

/** A small sum as it can be given on the command line, with two digits and rounded up. */
function plainDollars(amount: number): string {
  const digits = 1 - Math.floor(Math.log10(amount));
  return (Math.ceil(amount * 10 ** digits) / 10 ** digits).toFixed(digits);
}

/** If more was read than DynamoDB counts, its count says nothing of what is left. */
function countedBeyond(description: TableDescription, resumed: BackfillCheckpoint | null): TableDescription {
  return readOf(resumed) > description.itemCount ? { ...description, itemCount: 0, sizeBytes: 0 } : description;
}

/** Items that were read before. */
function readOf(resumed: BackfillCheckpoint | null): number {
  return (resumed?.segments ?? []).reduce((sum, { items }) => sum + items, 0);
}

function isAllRead(resumed: BackfillCheckpoint | null): boolean {
  return resumed?.segments.every(({ done }) => done) ?? false;
}

/** An estimate of what is left, by items: the units may include those of an earlier reading. */
function restOf(estimate: BackfillEstimate, resumed: BackfillCheckpoint | null): BackfillEstimate {
  const { items, readUnits, readDollars, transferDollars, isCounted } = estimate;
  const share = isCounted && items > 0 ? Math.max(0, 1 - readOf(resumed) / items) : 1;
  const part = (amount: number | null) => amount && amount * share;
  return {
    ...estimate,
    readUnits: readUnits * share,
    readDollars: part(readDollars),
    transferDollars: part(transferDollars),
  };
}

function questionOf(
  table: string,
  { readUnits, readDollars, transferDollars, isCounted }: BackfillEstimate,
  resumed: BackfillCheckpoint | null,
): string {
  const units = counted(readUnits, 'read unit');
  if (!isCounted) return `DynamoDB has not counted ${table} yet: reading it takes ${units} at least, or far more.`;
  const what = resumed === null ? table : `what is left of ${table}`;
  return `Reading ${what} takes about ${units}, ${costOf(readDollars, transferDollars)}.`;
}

function costOf(reading: number | null, transfer: number | null): string {
  if (reading !== null && transfer !== null) return `about ${dollars(reading + transfer)}`;
  if (reading !== null) return `about ${dollars(reading)}, and what leaves AWS at a price that is not known`;
  if (transfer !== null) return `at a price that is not known, and about ${dollars(transfer)} for what leaves AWS`;
  return 'at a price that is not known';
}

import { noState, requirePublished } from '../../src/destination/published-state.ts';
import { requireSameTable } from '../../src/destination/same-table.ts';
import type { Published } from '../../src/snapshot/published.ts';
import type { SourceTable } from '../../src/source/source-table.ts';
import { ReadBudget } from '../cost/read-budget.ts';
import { MAX_PAGE_UNITS } from '../cost/request-cost.ts';
import { recheckComparison } from './recheck-comparison.ts';
import { Rechecker } from './rechecker.ts';
import { scanIntoComparison } from './scan-into-comparison.ts';
import {
  type RunVerifyOptions,
  type VerifyFinding,
  type VerifyProgress,
  type VerifyResult,
  verdictOf,
} from './verify-options.ts';

export type {
  RunVerifyOptions as VerifyOptions,
  VerifyFinding,
  VerifyProgress,
  VerifyResult,
} from './verify-options.ts';

/**
 * Compares every item of a DynamoDB table with the latest view, both ways.
 *
 * The sides are joined in the destination, by key and digest. Keys that differ there are read again on both sides, whole,
 * until the stream had time to deliver; only a key that still differs then is a finding. So is a random sample of the
 * others, which finds rows that don't match their digest.
 *
 * If the read cap stops the scan, the items that were read are compared; the others stay unknown.
 *
 * @throws {TailraceError} `destination-missing` if there is no latest view of the table, `destination-conflict` if it is
 *   another table's; `interrupted` if `signal` aborts; else what source and destination throw.
 */
export async function runVerify(options: RunVerifyOptions): Promise<VerifyResult> {
  const { table, reader, destination, clock, random, onProgress } = options;
  const beganAt = clock.now();
  const description = await reader.describe(table);
  const published = await requireLatest(description.table, destination);

  const reading = new ReadBudget({ ...options, maxUnits: scanCapOf(options.maxUnits) });
  await using comparison = await destination.compare(description.table, random.hex(16));
  const { items, compared, repeated, isCapped, unreadable } = await scanIntoComparison(
    description,
    comparison,
    reading,
    options,
  );
  const budget = new ReadBudget({ ...options, used: reading.used });
  const report = (phase: VerifyProgress['phase'], open = 0) =>
    onProgress?.({ phase, items, aboutItems: description.itemCount, units: budget.used, open });

  report('comparing');
  const scope = isCapped ? 'source' : 'both';
  const { source, latest, differing } = await comparison.counts(scope);
  const rechecker = new Rechecker({ ...options, description, budget, onOpen: (open) => report('rechecking', open) });
  rechecker.addScan({ isCapped, unreadable });
  rechecker.reportRepeated(repeated, compared - source);
  await recheckComparison(comparison, rechecker, { ...options, scope, differing, also: unreadable.keys });
  const found = rechecker.result;
  return {
    ...found,
    verdict: verdictOf(found),
    sourceItems: source,
    latestItems: latest,
    isOverSnapshot: published.snapshotId !== null,
    units: budget.used,
    durationMs: clock.now() - beganAt,
  };
}

export type CollectedVerify = VerifyResult & {
  /** The findings that were reported, in their order. */
  readonly findings: readonly VerifyFinding[];
};

/** Compares as {@link runVerify} does, and returns the findings at the end, for callers who expect few. */
export async function collectFindings(options: Omit<RunVerifyOptions, 'onFinding'>): Promise<CollectedVerify> {
  const findings: VerifyFinding[] = [];
  const result = await runVerify({ ...options, onFinding: (finding) => findings.push(finding) });
  return { ...result, findings };
}

/** The fraction of a cap that a scan may use: the rest is for rechecks. */
const SCAN_PART = 0.9;

/** A lower cap leaves no room for a single page. */
export const LEAST_CAP = Math.ceil(MAX_PAGE_UNITS / SCAN_PART);

/** A tenth of the cap is reserved for rechecks: without them no difference would be certain. */
export function scanCapOf(maxUnits: number | undefined): number | undefined {
  return maxUnits === undefined ? undefined : maxUnits * SCAN_PART;
}

/**
 * What the state of a table stands on. Two tables can share a name in the destination; agreeing with the other one's
 * would prove nothing.
 *
 * @throws {TailraceError} as {@link runVerify} says.
 */
export async function requireLatest(
  table: SourceTable,
  destination: RunVerifyOptions['destination'],
): Promise<Published> {
  if ((await requireSameTable(table, destination)) === undefined) throw noState(table);
  return requirePublished(table, destination);
}

import type { LatestReader } from '../../src/destination/destination.ts';
import { isKind } from '../../src/errors.ts';
import type { KeyDigest } from '../../src/snapshot/row.ts';
import { ReadBudget } from '../cost/read-budget.ts';
import { SCAN_BYTES_PER_UNIT } from '../cost/request-cost.ts';
import { batches, itemStates } from './item-states.ts';
import { randomParts } from './random-parts.ts';
import { MAX_BATCH_KEYS, recheckComparison } from './recheck-comparison.ts';
import { Rechecker } from './rechecker.ts';
import { scanIntoComparison } from './scan-into-comparison.ts';
import { requireLatest, scanCapOf } from './verify.ts';
import { type RunVerifyOptions, type VerifyProgress, type VerifyResult, verdictOf } from './verify-options.ts';

export type SampleOptions = RunVerifyOptions & {
  readonly destination: RunVerifyOptions['destination'] & Pick<LatestReader, 'sampleLatest' | 'countLatest'>;
  /** Which part of both sides is compared: above 0, at most 1. */
  readonly share: number;
};

/** The result of a sample: `sourceItems` were scanned, and `latestItems` looked up by key. */
export type SampleResult = VerifyResult & {
  /** Parts of the table that were scanned. */
  readonly parts: number;
  readonly totalParts: number;
  /** Rows of the whole latest view. */
  readonly totalRows: number;
  /** Roughly the read units of comparing the whole table; `null` if the server doesn't count. */
  readonly wholeUnits: number | null;
};

/**
 * Compares a random part of a table with the latest view, from both sides. Some parts of the table are scanned, to find
 * items that are missing or different; and some rows of the view are looked up in the table by key, to find rows that are
 * extra or different.
 *
 * It can't see an item that is missing outside of these parts, nor a row that is extra or different outside of both.
 *
 * @throws {TailraceError} as `runVerify` does.
 */
export async function runSample(options: SampleOptions): Promise<SampleResult> {
  const { table, reader, destination, clock, random, share, onFinding, onProgress } = options;
  const beganAt = clock.now();
  const description = await reader.describe(table);
  const published = await requireLatest(description.table, destination);
  const totalRows = await destination.countLatest(description.table);

  const parts = randomParts(share, random);
  const reading = new ReadBudget({ ...options, maxUnits: scanCapOf(options.maxUnits) });
  await using comparison = await destination.compare(description.table, random.hex(16));
  const scanning = { ...options, segments: parts.total, only: parts.chosen, atOnce: options.segments };
  const scan = await scanIntoComparison(description, comparison, reading, scanning);

  const budget = new ReadBudget({ ...options, used: reading.used });
  const report = (phase: VerifyProgress['phase'], open = 0) =>
    onProgress?.({ phase, items: scan.items, aboutItems: description.itemCount, units: budget.used, open });
  const reported = new Set<string>();
  const rechecker = new Rechecker({
    ...options,
    description,
    budget,
    onFinding(finding) {
      if (finding.key !== null) reported.add(finding.key);
      onFinding?.(finding);
    },
    onOpen: (open) => report('rechecking', open),
  });
  rechecker.addScan(scan);

  report('comparing');
  const { source, differing } = await comparison.counts('source');
  rechecker.reportRepeated(scan.repeated, scan.compared - source);
  const scanned = { ...options, scope: 'source', differing, also: scan.unreadable.keys } as const;
  await recheckComparison(comparison, rechecker, scanned);
  const lookedUp = await lookUp({ ...options, description, budget }, rechecker, reported);
  const found = rechecker.result;
  return {
    ...found,
    verdict: verdictOf(found),
    sourceItems: source,
    latestItems: lookedUp,
    isOverSnapshot: published.snapshotId !== null,
    parts: parts.chosen.length,
    totalParts: parts.total,
    totalRows,
    wholeUnits: description.sizeBytes === 0 ? null : Math.ceil(description.sizeBytes / SCAN_BYTES_PER_UNIT),
    units: budget.used,
    durationMs: clock.now() - beganAt,
  };
}

type LookUpOptions = SampleOptions & ConstructorParameters<typeof Rechecker>[0];

/** Looks up a sample of the view's keys in the table, and returns how many. */
async function lookUp(options: LookUpOptions, rechecker: Rechecker, reported: ReadonlySet<string>): Promise<number> {
  const { destination, description, share, random } = options;
  const sample = { share, salt: random.hex(16) };
  let lookedUp = 0;
  let after: string | null = null;
  for (let isLast = false; !isLast && !rechecker.isOver; ) {
    const rows: readonly KeyDigest[] = await destination.sampleLatest(description.table, sample, MAX_BATCH_KEYS, after);
    const differing = await differingOf(rows, options).catch((error: unknown) => {
      if (isKind(error, 'read-cap-reached')) return null;
      throw error;
    });
    if (differing === null) {
      rechecker.markCapped();
      break;
    }
    lookedUp += rows.length;
    await rechecker.recheck(differing.filter((key) => !reported.has(key)));
    after = rows.at(-1)?.key ?? null;
    isLast = rows.length < MAX_BATCH_KEYS;
  }
  return lookedUp;
}

/** The keys of rows whose items differ, read once. */
async function differingOf(rows: readonly KeyDigest[], options: LookUpOptions): Promise<readonly string[]> {
  const lanes = [...batches(rows, Math.ceil(rows.length / options.segments))].map(async (lane) => {
    const states = await itemStates(
      lane.map(({ key }) => key),
      options,
    );
    return lane.flatMap(({ key, digest }, index) => (states[index]?.item === digest ? [] : [key]));
  });
  // Waits for all of them: nothing may be read any more once this has ended.
  const ended = await Promise.allSettled(lanes);
  return ended.flatMap((lane) => {
    if (lane.status === 'rejected') throw lane.reason;
    return lane.value;
  });
}

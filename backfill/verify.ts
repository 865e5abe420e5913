import type { Clock } from '../src/clock.ts';
import type { Comparer, Comparison, LatestReader, SnapshotStore, TableSetup } from '../src/destination/destination.ts';
import { refuseOtherSource } from '../src/destination/source-conflict.ts';
import { isKind, TailraceError } from '../src/errors.ts';
import type { Transform } from '../src/privacy/transform.ts';
import type { Random } from '../src/random.ts';
import { type KeyDigest, toKeyDigest } from '../src/snapshot/row.ts';
import type { SourceTable } from '../src/source/source-table.ts';
import type { TableDescription, TableReader } from '../src/source/table-reader.ts';
import type { AttributeMap } from '../src/value/attribute-value.ts';
import { canonicalKey } from '../src/value/key.ts';
import { scanTable } from './scan.ts';
import { type Difference, settle } from './settle.ts';

/**
 * How long a change may take from the table to the view before its lateness counts as a difference: a batch window of
 * Lambda, a retry, and the seconds until a destination shows what it took. Only keys that differ wait for it.
 */
export const DEFAULT_LAG_MS = 30_000;

/** After this long a key that never stands still stays unsettled. */
export const DEFAULT_MAX_SETTLE_MS = 5 * 60 * 1000;

export type VerifyOptions = {
  /** Name of the DynamoDB table. */
  readonly table: string;
  readonly reader: Pick<TableReader, 'describe' | 'scan' | 'get'>;
  readonly destination: Comparer &
    Pick<LatestReader, 'lookup'> &
    Pick<SnapshotStore, 'published'> &
    Pick<TableSetup, 'sources'>;
  readonly transform: Transform;
  readonly clock: Clock;
  readonly random: Random;
  /** Into how many parts the table is cut; they are read at once. */
  readonly segments: number;
  readonly lagMs?: number;
  readonly maxSettleMs?: number;
  /** How many items whose digests agree are compared whole as well. */
  readonly sampleSize?: number;
  /** How many findings are enough to stop looking for more. */
  readonly maxFindings?: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: VerifyProgress) => void;
};

export type VerifyProgress = {
  readonly phase: 'scanning' | 'settling';
  /** Items read so far. */
  readonly items: number;
  /** About how many there are; hours old, and 0 where the server doesn't count. */
  readonly aboutItems: number;
  /** Read capacity units of the scan so far. */
  readonly units: number;
  readonly segments: number;
  readonly segmentsDone: number;
  /** Keys that may differ and are looked at again. */
  readonly open: number;
};

/** A key that differs. `key` is `null` only where even the key can't be carried. */
export type VerifyFinding = Omit<Difference, 'key'> & { readonly key: string | null };

export type VerifyResult = {
  /** `unfinished`: nothing was found, but not every key could be settled. */
  readonly verdict: 'agree' | 'differ' | 'unfinished';
  /** At most `maxFindings` of them. */
  readonly findings: readonly VerifyFinding[];
  /** How many keys certainly differ; no fewer than are given. */
  readonly found: number;
  /** Keys that differed at first and were neither found to agree nor to differ. */
  readonly unsettled: number;
  /** Distinct items read by the scan. */
  readonly sourceItems: number;
  /** Items in the latest view when the two were compared. */
  readonly latestItems: number;
  /** Items compared whole. */
  readonly sampled: number;
  /** Read capacity units of the scan. */
  readonly units: number;
  readonly durationMs: number;
};

/** Keys that are held to be looked at again, at about a hundred bytes each. */
const MAX_CANDIDATES = 100_000;

const DEFAULT_SAMPLE_SIZE = 100;
const DEFAULT_MAX_FINDINGS = 1000;

/**
 * Compares every item of a DynamoDB table with the latest view, both ways.
 *
 * The sides meet in the destination, by key and digest. Keys that differ there, and a random sample of those that don't,
 * are read again on both sides, whole, until the stream had time to deliver; only what still differs then is a finding.
 *
 * @throws {TailraceError} `destination-missing` if there is no latest view of the table, `destination-conflict` if it is
 *   another table's; `interrupted` if `signal` aborts; else what source and destination throw.
 */
export async function runVerify(options: VerifyOptions): Promise<VerifyResult> {
  const { table, reader, destination, clock, random, lagMs = DEFAULT_LAG_MS } = options;
  const { sampleSize = DEFAULT_SAMPLE_SIZE, maxFindings = DEFAULT_MAX_FINDINGS } = options;
  const beganAt = clock.now();
  const description = await reader.describe(table);
  await requireLatest(description.table, destination);

  await using comparison = await destination.compare(description.table, random.hex(16));
  const scan = await compareScan(description, comparison, options);
  const { findings: candidates, total } = await comparison.findings(MAX_CANDIDATES);
  const sample = await comparison.sampleAgreeing(sampleSize);
  const { source, latest } = await comparison.counts();

  const { differences, found, unsettled } = await settle(
    new Set([...candidates.map(({ key }) => key), ...scan.unreadable.keys, ...sample]),
    {
      ...options,
      description,
      lagMs,
      maxSettleMs: options.maxSettleMs ?? DEFAULT_MAX_SETTLE_MS,
      maxFindings,
      onOpen: (open) => options.onProgress?.({ ...scan.progress, phase: 'settling', open }),
    },
  );
  const { keyless } = scan.unreadable;
  const open = unsettled + (total - candidates.length) + scan.unreadable.more;
  return {
    verdict: found + keyless.length > 0 ? 'differ' : open > 0 ? 'unfinished' : 'agree',
    findings: [...keyless, ...differences].slice(0, maxFindings),
    found: found + keyless.length,
    unsettled: open,
    sourceItems: source,
    latestItems: latest,
    sampled: sample.length,
    units: scan.progress.units,
    durationMs: clock.now() - beganAt,
  };
}

/** Two tables can have one name here; agreeing with the other one's view would prove nothing. */
async function requireLatest(table: SourceTable, destination: VerifyOptions['destination']): Promise<void> {
  const { name } = table;
  const kept = (await destination.sources()).find((source) => source.name === name);
  if (kept !== undefined) {
    refuseOtherSource(table, kept);
    if (await destination.published(table)) return;
  }
  throw new TailraceError('destination-missing', `There is no latest view of ${name}`, { context: { table: name } });
}

type ComparedScan = { readonly progress: VerifyProgress; readonly unreadable: Unreadable };

/** Items that can't be carried exactly, and so have no digest. */
type Unreadable = {
  readonly keys: readonly string[];
  /** Those of which even the key can't be carried. */
  readonly keyless: readonly VerifyFinding[];
  /** How many more there are than are held. */
  readonly more: number;
};

async function compareScan(
  description: TableDescription,
  comparison: Comparison,
  options: VerifyOptions,
): Promise<ComparedScan> {
  const { transform, segments, onProgress, maxFindings = DEFAULT_MAX_FINDINGS } = options;
  const names = description.keys.map(({ name }) => name);
  const keys: string[] = [];
  const keyless: VerifyFinding[] = [];
  const progress = {
    phase: 'scanning' as const,
    items: 0,
    aboutItems: description.itemCount,
    units: 0,
    segments,
    segmentsDone: 0,
    open: 0,
  };
  let more = 0;

  await scanTable(options, async ({ items, consumedUnits, lastKey }) => {
    const rows: KeyDigest[] = [];
    for (const item of items) {
      const read = encode(item, names, transform);
      if ('digest' in read) rows.push(read);
      else if (keys.length + keyless.length >= maxFindings) more++;
      else if (read.key !== null) keys.push(read.key);
      else keyless.push(read);
    }
    if (rows.length > 0) await comparison.add(rows);
    progress.items += items.length;
    progress.units += consumedUnits;
    if (lastKey === null) progress.segmentsDone++;
    onProgress?.({ ...progress });
  });
  return { progress, unreadable: { keys, keyless, more } };
}

function encode(item: AttributeMap, keyNames: readonly string[], transform: Transform): KeyDigest | VerifyFinding {
  try {
    return toKeyDigest(item, keyNames, transform);
  } catch (error) {
    if (!isKind(error, 'record-invalid')) throw error;
    return { key: keyOf(item, keyNames, transform), finding: 'missing', reason: error.message };
  }
}

function keyOf(item: AttributeMap, keyNames: readonly string[], transform: Transform): string | null {
  const keys = Object.fromEntries(Object.entries(item).filter(([name]) => keyNames.includes(name)));
  try {
    return canonicalKey(transform.keys(keys));
  } catch (error) {
    if (!isKind(error, 'record-invalid')) throw error;
    return null;
  }
}

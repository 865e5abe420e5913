import type { SourceComparison } from '../../src/destination/comparer.ts';
import { isKind } from '../../src/errors.ts';
import type { Transform } from '../../src/privacy/transform.ts';
import { type KeyDigest, toKeyDigest } from '../../src/snapshot/row.ts';
import type { TableDescription } from '../../src/source/table-reader.ts';
import type { AttributeMap } from '../../src/value/attribute-value.ts';
import { canonicalKey } from '../../src/value/key.ts';
import type { ReadBudget } from '../cost/read-budget.ts';
import { type ScanOptions, type SegmentPage, scanTable } from '../scan/scan.ts';
import { KeyLoader } from './key-loader.ts';
import { RepeatedKeys } from './repeated-keys.ts';
import { DEFAULT_MAX_FINDINGS, type RunVerifyOptions, type VerifyFinding } from './verify-options.ts';

/** What a scan has loaded into a comparison. */
export type ScanResult = {
  readonly items: number;
  /** How many of them have a digest, and so are in the comparison. */
  readonly compared: number;
  /** Keys that came more than once, those that can be named. */
  readonly repeated: readonly string[];
  /** Whether it was stopped at the read cap. */
  readonly isCapped: boolean;
  readonly unreadable: UnreadableItems;
};

/** Items that can't be carried exactly, and so have no digest. */
type UnreadableItems = {
  readonly keys: readonly string[];
  /** Items whose key can't be carried, either. */
  readonly keyless: readonly VerifyFinding[];
  /** How many more there are beyond `maxFindings`. */
  readonly more: number;
};

/**
 * Reads a table, or some parts of it, into a comparison, as far as the budget goes.
 *
 * @throws {TailraceError} `interrupted` if the signal aborts; else what source and destination throw.
 */
export async function scanIntoComparison(
  description: TableDescription,
  comparison: SourceComparison,
  budget: ReadBudget,
  options: RunVerifyOptions & Pick<ScanOptions, 'only' | 'atOnce'>,
): Promise<ScanResult> {
  const { transform, clock, random, spool, onProgress, maxFindings = DEFAULT_MAX_FINDINGS } = options;
  const names = description.keys.map(({ name }) => name);
  const keys: string[] = [];
  const keyless: VerifyFinding[] = [];
  const repeated = new RepeatedKeys();
  let items = 0;
  let compared = 0;
  let more = 0;
  let isCapped = false;

  function* readable(page: SegmentPage): Generator<KeyDigest> {
    for (const item of page.items) {
      const read = encode(item, names, transform);
      if ('digest' in read) {
        compared++;
        repeated.add(read.key);
        yield read;
      } else if (keys.length + keyless.length >= maxFindings) more++;
      else if (read.key !== null) keys.push(read.key);
      else keyless.push(read);
    }
  }

  using loader = new KeyLoader({ comparison, spool, id: random.hex(16), now: clock.now() });
  await scanTable({ ...options, budget }, async (page) => {
    await loader.take(readable(page));
    items += page.items.length;
    onProgress?.({ phase: 'scanning', items, aboutItems: description.itemCount, units: budget.used, open: 0 });
  }).catch((error: unknown) => {
    if (!isKind(error, 'read-cap-reached')) throw error;
    isCapped = true;
  });
  await loader.flush();
  return { items, compared, repeated: repeated.named, isCapped, unreadable: { keys, keyless, more } };
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

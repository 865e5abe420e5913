import type { Clock } from '../src/clock.ts';
import type { LatestReader } from '../src/destination/destination.ts';
import { isKind } from '../src/errors.ts';
import type { Transform } from '../src/privacy/transform.ts';
import { toKeyDigest } from '../src/snapshot/row.ts';
import { parseKey } from '../src/source/key-parse.ts';
import type { TableDescription, TableReader } from '../src/source/table-reader.ts';
import type { AttributeMap } from '../src/value/attribute-value.ts';
import { Settlement, type State } from './settlement.ts';
import { throwIfInterrupted } from './stream-readiness.ts';
import { stateOfView } from './whole-item.ts';

export type SettleOptions = {
  readonly description: TableDescription;
  readonly reader: Pick<TableReader, 'get'>;
  readonly destination: Pick<LatestReader, 'lookup'>;
  readonly transform: Transform;
  readonly clock: Clock;
  /** How long a change may take from the table to the view. */
  readonly lagMs: number;
  /** After how long keys that are still open stay unsettled. */
  readonly maxSettleMs: number;
  /** How many differences are enough to stop looking. */
  readonly maxFindings: number;
  readonly signal: AbortSignal;
  readonly onOpen?: (open: number) => void;
};

/** How an item and the latest view differ once that is certain. */
export type Difference = {
  readonly key: string;
  readonly finding: 'missing' | 'extra' | 'different';
  /** Why the item can't be carried, if that is what makes it differ. Holds no value of it. */
  readonly reason?: string;
};

export type Settled = {
  /** At most as many as were asked for. */
  readonly differences: readonly Difference[];
  /** How many keys certainly differ; no fewer than are given. */
  readonly found: number;
  /** Keys that moved all the time, or that nobody looked at any more once there were enough differences. */
  readonly unsettled: number;
};

/** What one statement may look up. */
const LOOKUP_KEYS = 1000;

/**
 * Pauses between looks, as parts of the lag. Short ones first: most keys only differ because their change is on its way,
 * and one that changes all the time settles by how often its item was seen. Then as many per lag as a settlement wants.
 */
const FIRST_PAUSE = 1 / 128;
const LAST_PAUSE = 1 / 8;

/**
 * Looks at keys on both sides again and again, until it is certain of each whether it differs.
 *
 * Memory grows with the number of keys, at a few hundred bytes each, never with their items.
 */
export async function settle(keys: Iterable<string>, options: SettleOptions): Promise<Settled> {
  const { clock, lagMs, maxSettleMs, maxFindings, signal, onOpen, description } = options;
  const open = new Map([...keys].map((key) => [key, new Settlement(lagMs)]));
  const differences: Difference[] = [];
  let found = 0;
  const giveUpAt = clock.now() + maxSettleMs;

  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LAST_PAUSE)) {
    for (const batch of batches([...open.keys()], LOOKUP_KEYS)) {
      throwIfInterrupted(description.table.name, signal);
      for (const { key, at, item, view, reason } of await look(batch, options)) {
        const verdict = open.get(key)?.observe({ at, item, view });
        if (verdict === 'open') continue;
        open.delete(key);
        if (verdict !== 'differs') continue;
        if (found++ < maxFindings) differences.push(difference(key, item, view, reason));
      }
      if (found >= maxFindings) break;
    }
    onOpen?.(open.size);
    if (open.size === 0 || found >= maxFindings || clock.now() >= giveUpAt) break;
    await clock.sleep(lagMs * pause, signal);
  }
  return { differences, found, unsettled: open.size };
}

type Look = {
  readonly key: string;
  readonly at: number;
  readonly item: State;
  readonly view: State;
  readonly reason: string | undefined;
};

/** The item first, then the view: what the view shows after a read can't be older than what it showed at it. */
async function look(
  keys: readonly string[],
  { description, reader, destination, transform, clock }: SettleOptions,
): Promise<readonly Look[]> {
  const { table, keys: attributes } = description;
  const items = await reader.get(
    table.name,
    keys.map((key) => parseKey(key, attributes)),
  );
  const at = clock.now();
  const rows = await destination.lookup(table, keys);
  const names = attributes.map(({ name }) => name);
  return keys.map((key, index) => {
    const view = stateOfView(rows.get(key));
    return { key, at, view, ...stateOfItem(items[index] ?? null, names, transform) };
  });
}

/** No digest looks like it, so it agrees with nothing. */
const UNREADABLE = 'unreadable';

function stateOfItem(
  item: AttributeMap | null,
  keyNames: readonly string[],
  transform: Transform,
): { readonly item: State; readonly reason: string | undefined } {
  if (item === null) return { item: null, reason: undefined };
  try {
    return { item: toKeyDigest(item, keyNames, transform).digest, reason: undefined };
  } catch (error) {
    if (!isKind(error, 'record-invalid')) throw error;
    return { item: UNREADABLE, reason: error.message };
  }
}

function difference(key: string, item: State, view: State, reason: string | undefined): Difference {
  const finding = view === null ? 'missing' : item === null ? 'extra' : 'different';
  return { key, finding, ...(reason !== undefined && { reason }) };
}

function* batches<T>(values: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < values.length; start += size) yield values.slice(start, start + size);
}

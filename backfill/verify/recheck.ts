import type { Clock } from '../../src/clock.ts';
import type { LatestReader } from '../../src/destination/destination.ts';
import { isKind } from '../../src/errors.ts';
import { throwIfInterrupted } from '../stream-readiness.ts';
import { batches, DAMAGED, type ItemState, type ItemStatesOptions, itemStates, stateOfView } from './item-states.ts';
import { lookupBatches, RowSize } from './lookup-batches.ts';
import { KeyVerdict, MIN_STILL_OBSERVATIONS, type State } from './verdict.ts';

export type RecheckOptions = ItemStatesOptions & {
  readonly destination: Pick<LatestReader, 'lookup'>;
  readonly clock: Clock;
  /** How long a change may take from the table to the view. */
  readonly lagMs: number;
  /** After this time keys that are still open stay unsettled, if they were observed {@link MIN_OBSERVATIONS} times. */
  readonly maxRecheckMs: number;
  /** How many differences are enough to stop. */
  readonly enough: number;
  readonly onOpen?: (open: number) => void;
};

/**
 * However long an observation takes, each key has this many before it stays unsettled: twice what a key that stands still
 * needs.
 */
const MIN_OBSERVATIONS = 2 * MIN_STILL_OBSERVATIONS;

/** How an item and the latest view differ once that is certain. */
export type Difference = {
  readonly key: string;
  readonly finding: 'missing' | 'extra' | 'different';
  /** Why it differs, if more is known than that the items do. Holds no value of them. */
  readonly reason?: string;
};

export type RecheckedKeys = {
  /** In order of the keys' text. */
  readonly differences: readonly Difference[];
  /** Keys that never stood still on either side. */
  readonly changing: number;
  /** Keys without a verdict. */
  readonly open: number;
  /** Keys that were observed at least once. */
  readonly observed: number;
  /** Why it stopped: every key has a verdict, there are enough differences, time is over, or the read cap is reached. */
  readonly end: 'decided' | 'enough' | 'late' | 'capped';
};

/** The most keys that one statement looks up. */
const LOOKUP_KEYS = 1000;

/**
 * Pauses between observations, as fractions of the lag. Short ones first: most keys only differ because their change is in
 * flight, and the verdict on a key that changes all the time needs many observations. Then as many in a lag as a verdict needs.
 */
const FIRST_PAUSE = 1 / 128;
const LAST_PAUSE = 1 / 8;

/**
 * Reads keys on both sides again and again, until it is certain of each whether it differs.
 *
 * Memory grows with the number of keys, at a few hundred bytes each, and never with their items: it holds a few megabytes
 * of them at a time, on either side.
 *
 * @throws {TailraceError} `interrupted` if the signal aborts; else what source and destination throw.
 */
export async function recheck(keys: Iterable<string>, options: RecheckOptions): Promise<RecheckedKeys> {
  const { clock, lagMs, maxRecheckMs, enough, signal, onOpen, description } = options;
  const open = new Map([...keys].map((key) => [key, new KeyVerdict(lagMs)]));
  const waiting = new Set(open.keys());
  const differences: Difference[] = [];
  let changing = 0;
  const giveUpAt = clock.now() + maxRecheckMs;
  const ended = (end: RecheckedKeys['end']): RecheckedKeys => ({
    differences: differences.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    changing,
    open: open.size,
    observed: total - waiting.size,
    end,
  });
  const total = open.size;

  const rowSize = new RowSize();
  let rounds = 0;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LAST_PAUSE)) {
    rounds++;
    for (const batch of batches([...open.keys()], LOOKUP_KEYS)) {
      throwIfInterrupted(description.table.name, signal);
      const observed = await observe(batch, { ...options, rowSize }).catch((error: unknown) => {
        if (isKind(error, 'read-cap-reached')) return null;
        throw error;
      });
      if (observed === null) return ended('capped');
      for (const { key, at, item, view, reason } of observed) {
        waiting.delete(key);
        const verdict = open.get(key)?.observe({ at, item, view });
        if (verdict === 'open') continue;
        open.delete(key);
        if (verdict === 'changing') changing++;
        if (verdict === 'differs') differences.push(difference(key, item, view, reason));
      }
      if (differences.length >= enough) return ended('enough');
    }
    if (open.size === 0) return ended('decided');
    if (clock.now() >= giveUpAt && rounds >= MIN_OBSERVATIONS) return ended('late');
    onOpen?.(open.size);
    await clock.sleep(lagMs * pause, signal);
  }
}

type ObservedKey = ItemState & { readonly key: string; readonly at: number; readonly view: State };

/** Reads the items first, then the view: what the view shows later can't be older than what it showed at the read. */
async function observe(
  keys: readonly string[],
  options: RecheckOptions & { readonly rowSize: RowSize },
): Promise<readonly ObservedKey[]> {
  const { description, destination, clock } = options;
  const items = await itemStates(keys, options);
  const at = clock.now();
  const observed: ObservedKey[] = [];
  for (const batch of lookupBatches(items, options.rowSize)) {
    const asked = keys.slice(observed.length, observed.length + batch.length);
    const rows = await destination.lookup(description.table, asked);
    for (const [index, state] of batch.entries()) {
      const key = asked[index] ?? '';
      const row = rows.get(key);
      if (row) options.rowSize.add(row.item.length);
      observed.push({ key, at, view: stateOfView(row), ...state });
    }
  }
  return observed;
}

const DAMAGED_REASON = 'The row of the latest view is not what its own digest says';

function difference(key: string, item: State, view: State, unreadable: string | undefined): Difference {
  const finding = view === null ? 'missing' : item === null ? 'extra' : 'different';
  const reason = unreadable ?? (view === DAMAGED ? DAMAGED_REASON : undefined);
  return { key, finding, ...(reason !== undefined && { reason }) };
}

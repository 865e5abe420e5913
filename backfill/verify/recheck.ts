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
  /** After how long keys that are still open stay unsettled, once they were looked at {@link MIN_OBSERVATIONS} times. */
  readonly maxRecheckMs: number;
  /** So many differences are enough to stop looking. */
  readonly enough: number;
  readonly onOpen?: (open: number) => void;
};

/**
 * However long looks take, a key is looked at so many times before it is given up: twice what is wanted of one that stands
 * still.
 */
const MIN_OBSERVATIONS = 2 * MIN_STILL_OBSERVATIONS;

/** How an item and the latest view differ once that is certain. */
export type Difference = {
  readonly key: string;
  readonly finding: 'missing' | 'extra' | 'different';
  /** What makes it differ, if that is known beyond the items being others. Holds no value of them. */
  readonly reason?: string;
};

export type RecheckedKeys = {
  /** In order of the keys' text. */
  readonly differences: readonly Difference[];
  /** Keys that never stood still, on either side. */
  readonly changing: number;
  /** Keys that were neither found to agree nor to differ. */
  readonly open: number;
  /** Keys that were looked at once at least. */
  readonly looked: number;
  /** Why it stopped: no key was open any more, there were enough differences, time was over, or the read cap reached. */
  readonly end: 'decided' | 'enough' | 'late' | 'capped';
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
 * Memory grows with the number of keys, at a few hundred bytes each, never with their items: of those no more than a few
 * megabytes are held at a time, on either side.
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
    looked: total - waiting.size,
    end,
  });
  const total = open.size;

  const rowSize = new RowSize();
  let rounds = 0;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LAST_PAUSE)) {
    rounds++;
    for (const batch of batches([...open.keys()], LOOKUP_KEYS)) {
      throwIfInterrupted(description.table.name, signal);
      const looks = await look(batch, { ...options, rowSize }).catch((error: unknown) => {
        if (isKind(error, 'read-cap-reached')) return null;
        throw error;
      });
      if (looks === null) return ended('capped');
      for (const { key, at, item, view, reason } of looks) {
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

type Look = ItemState & { readonly key: string; readonly at: number; readonly view: State };

/** The item first, then the view: what the view shows after a read can't be older than what it showed at it. */
async function look(
  keys: readonly string[],
  options: RecheckOptions & { readonly rowSize: RowSize },
): Promise<readonly Look[]> {
  const { description, destination, clock } = options;
  const items = await itemStates(keys, options);
  const at = clock.now();
  const looks: Look[] = [];
  for (const batch of lookupBatches(items, options.rowSize)) {
    const asked = keys.slice(looks.length, looks.length + batch.length);
    const rows = await destination.lookup(description.table, asked);
    for (const [index, state] of batch.entries()) {
      const key = asked[index] ?? '';
      const row = rows.get(key);
      if (row) options.rowSize.add(row.item.length);
      looks.push({ key, at, view: stateOfView(row), ...state });
    }
  }
  return looks;
}

const DAMAGED_REASON = 'The row of the latest view is not what its own digest says';

function difference(key: string, item: State, view: State, unreadable: string | undefined): Difference {
  const finding = view === null ? 'missing' : item === null ? 'extra' : 'different';
  const reason = unreadable ?? (view === DAMAGED ? DAMAGED_REASON : undefined);
  return { key, finding, ...(reason !== undefined && { reason }) };
}

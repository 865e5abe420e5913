import { lowestPosition } from '../../../src/order/position.ts';

/** A row of the changelog, as far as the state depends on it. */
export type LogRow = {
  readonly key: string;
  readonly position: string;
  /** Milliseconds since the epoch, as is `ingestedAt`. */
  readonly changedAt: number;
  readonly ingestedAt: number;
  /** `null` in a REMOVE. */
  readonly digest: string | null;
  /** Whether it was stored so long after its stamp that it doesn't count as delivered: it is sent again. */
  readonly isLate: boolean;
  /** Its place among all rows, in the order in which they became visible. */
  readonly order: number;
  /** Whether retention has dropped it. */
  readonly isGone: boolean;
};

/** A compaction, as far as later rows depend on it: from its floor on, older changes no longer count. */
export type Fold = {
  readonly floor: number;
  /** How many rows were visible when it began, and when it ended. It has all of the former, and none after the latter. */
  readonly before: number;
  readonly by: number;
  /** The position that it has of a key; `null` for none. */
  readonly positionOf: (key: string) => string | null;
};

/** What a state must equal: the one over a reading and all changes that ever came. */
export type Reference = {
  readonly reading: {
    readonly floor: number;
    readonly streamLabel: string;
    readonly rows: ReadonlyMap<string, { readonly digest: string | null }>;
  } | null;
  /** The compactions since then, oldest first. */
  readonly folds: readonly Fold[];
};

/**
 * The digests that a key's item may have, `null` for no item: of the newest change there is one, but it may have come in
 * rows that differ. Of these, one that both was stamped and came before another may not count. A row that came too late
 * for its stamp may count or not, until it is sent again.
 *
 * @param log The key's rows.
 */
export function referenceDigests(
  key: string,
  log: readonly LogRow[],
  reference: Reference,
): ReadonlySet<string | null> {
  const all = digestsOf(key, log, reference);
  const inTime = log.filter(({ isLate }) => !isLate);
  return inTime.length === log.length ? all : new Set([...all, ...digestsOf(key, inTime, reference)]);
}

function digestsOf(key: string, log: readonly LogRow[], { reading, folds }: Reference): ReadonlySet<string | null> {
  const lowest = reading === null ? '' : lowestPosition(reading.streamLabel);
  const counting = log.filter(
    (row) =>
      row.changedAt >= (reading?.floor ?? 0) && row.position >= lowest && folds.every((fold) => counts(row, fold)),
  );
  const greatest = counting
    .map(({ position }) => position)
    .toSorted()
    .at(-1);
  const newest = counting.filter(({ position }) => position === greatest);
  if (newest.length === 0) return new Set([reading?.rows.get(key)?.digest ?? null]);
  const isOvertaken = (row: LogRow) =>
    newest.some(({ ingestedAt, order }) => ingestedAt > row.ingestedAt && order > row.order);
  return new Set(newest.filter((row) => !isOvertaken(row)).map(({ digest }) => digest));
}

/** Whether a change still counts after a compaction: it is younger than the floor, or in the compaction. */
function counts({ key, changedAt, order, position }: LogRow, { floor, before, by, positionOf }: Fold): boolean {
  if (changedAt >= floor || order < before) return true;
  return order < by && positionOf(key) === position;
}

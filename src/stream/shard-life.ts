import type { Loss } from './loss.ts';
import { MARGIN_MS, RETENTION_MS, SKEW_MS } from './retention.ts';
import type { IteratorStart } from './stream-client.ts';

/** How far one shard has come. */
export type ShardProgress = {
  readonly parentId: string | null;
  /** Where reading goes on after a restart: never ahead of what is durable. */
  readonly resume: IteratorStart;
  /** Read to its end, or gone. */
  readonly done: boolean;
  /**
   * Nothing that is still to be read of it is older than this, in milliseconds since the epoch: the stream was described
   * without it then, or it was read up to there. `null` if that isn't known.
   */
  readonly absentAt: number | null;
  /** When all that is still to be read of it was in the stream, or yet to come: from then on, its loss is named. */
  readonly presentAt: number | null;
};

/** What a reader learns of a shard. Times are in milliseconds since the epoch. */
export type ShardNews =
  /** A page with records, or the shard's last page; `first` is its first record that has a number. */
  | { readonly is: 'page'; readonly at: number; readonly first: string | null; readonly trimmed: IteratorStart | null }
  /** An open shard has no more for now. */
  | { readonly is: 'quiet'; readonly at: number; readonly trimmed: IteratorStart | null }
  /** Records up to `last` are durable or set aside; `lastTime` is the time of the last of them. */
  | { readonly is: 'taken'; readonly last: string | null; readonly lastTime: number | null }
  /** All records up to its last are durable or set aside. */
  | { readonly is: 'closed' }
  /** The stream has no such shard any more. */
  | { readonly is: 'gone'; readonly at: number };

/** What of a shard is lost: from where reading was to go on to the first record that was left, or to its end. */
export type LostPart = Pick<Loss, 'start' | 'before'>;

const BEGINNING: IteratorStart = { at: 'TRIM_HORIZON' };

/**
 * A shard as a description shows it for the first time.
 *
 * @param before When the stream was described without it; `null` if this is the first description of all.
 * @param at When this description was asked for.
 * @param createdAt When the stream was switched on. Of one that is younger than a day, nothing can have been dropped.
 */
export function newShard(
  parentId: string | null,
  { before, at, createdAt }: { readonly before: number | null; readonly at: number; readonly createdAt: number },
): ShardProgress {
  const age = at - createdAt;
  const isYoung = age > -SKEW_MS && age < RETENTION_MS - MARGIN_MS - SKEW_MS;
  const absentAt = before ?? (isYoung ? createdAt : null);
  return { parentId, resume: BEGINNING, done: false, absentAt, presentAt: before ?? at };
}

/** A shard that somebody has named, from one of its records on; `null` for its beginning. All of it is promised. */
export function namedShard(from: string | null): ShardProgress {
  const resume: IteratorStart = from === null ? BEGINNING : { at: 'AT_SEQUENCE_NUMBER', sequenceNumber: from };
  return { parentId: null, resume, done: false, absentAt: 0, presentAt: null };
}

/**
 * What becomes of a shard by news of it, and what of it is lost.
 *
 * ```text
 *  listed ──page──► begun ──taken──► read ──closed──► done
 *  TRIM_HORIZON     AT first         AFTER last         ▲
 *    │ ▲            ▲   │ ▲           │   │             │
 *    │ └───quiet────┼───┼─┼── quiet ──┘   │             │
 *    │   (trimmed)  │   │ └──── page ─────┘             │
 *    │              └───┘ page (trimmed)                │
 *    └──────────────────── gone ────────────────────────┘
 * ```
 *
 * What was promised is never passed over without a word:
 *
 * - Begun or read: everything from its first record on. The stream itself says that this was trimmed.
 * - Listed, and not in the description before, or younger than its stream, which is younger than a day: all of it.
 * - Listed in the first description: what the stream held of it then. It has five minutes to be asked for: a stream drops
 *   its oldest records all the time, and a shard that expires while it is described was never promised.
 * - Found quiet: all that comes later.
 *
 * What the stream trimmed at the beginning of a shard that was never begun, it doesn't say: so that is taken for lost as
 * soon as it may be.
 */
export function afterNews(shard: ShardProgress, news: ShardNews): { shard: ShardProgress; lost: LostPart | null } {
  switch (news.is) {
    case 'page': {
      const { first, trimmed } = news;
      const start = trimmed ?? (isTrimmedUnread(shard, news.at) ? BEGINNING : null);
      const isPinned = first !== null && (shard.resume.at === 'TRIM_HORIZON' || trimmed !== null);
      const resume: IteratorStart = isPinned ? { at: 'AT_SEQUENCE_NUMBER', sequenceNumber: first } : shard.resume;
      return { shard: { ...shard, resume }, lost: start && { start, before: first } };
    }
    case 'quiet': {
      const { at, trimmed } = news;
      const start = trimmed ?? (isTrimmedUnread(shard, at) ? BEGINNING : null);
      // Nothing is behind a number that the stream has dropped: what comes will be the shard's oldest.
      const resume = trimmed ? BEGINNING : shard.resume;
      return { shard: { ...shard, resume, absentAt: at, presentAt: at }, lost: start && { start, before: null } };
    }
    case 'taken': {
      const { last, lastTime } = news;
      const resume: IteratorStart =
        last === null ? shard.resume : { at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: last };
      const absentAt = later(shard.absentAt, lastTime === null ? null : lastTime - SKEW_MS);
      return { shard: { ...shard, resume, absentAt }, lost: null };
    }
    case 'closed':
      return { shard: { ...shard, done: true }, lost: null };
    case 'gone': {
      const lost = isPromised(shard, news.at) ? { start: shard.resume, before: null } : null;
      return { shard: { ...shard, done: true }, lost };
    }
  }
}

/** A shard that goes on where another one was read to its end: nothing in it is older than that end. */
export function afterParent(child: ShardProgress, parent: ShardProgress): ShardProgress {
  if (child.done || child.resume.at !== 'TRIM_HORIZON') return child;
  return { ...child, absentAt: later(child.absentAt, parent.absentAt) };
}

/** Whether what isn't read of a shard would be a loss, were it gone now. */
export function isPromised({ resume, absentAt, presentAt }: ShardProgress, now: number): boolean {
  if (resume.at !== 'TRIM_HORIZON' || absentAt !== null) return true;
  return presentAt !== null && now - presentAt > MARGIN_MS;
}

/** Whether the stream may have dropped the oldest of a shard that was promised and never begun. */
function isTrimmedUnread({ resume, absentAt, presentAt: listedAt }: ShardProgress, now: number): boolean {
  const presentAt = listedAt ?? absentAt;
  if (resume.at !== 'TRIM_HORIZON' || presentAt === null || now - presentAt <= MARGIN_MS) return false;
  return absentAt === null || now - absentAt > RETENTION_MS - MARGIN_MS;
}

function later(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}

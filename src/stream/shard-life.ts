import type { Loss } from './loss.ts';
import { MARGIN_MS, RETENTION_MS, SKEW_MS } from './retention.ts';
import type { IteratorStart } from './stream-client.ts';

/** How far one shard has come. */
export type ShardProgress = {
  readonly parentId: string | null;
  /** Where reading resumes after a restart: never ahead of what is durable. */
  readonly resume: IteratorStart;
  /** Read to its end, or gone. */
  readonly done: boolean;
  /**
   * No unread record of it is older than this time, in milliseconds since the epoch: the stream was described without the
   * shard then, or the shard was read up to there. `null` if no such time is known.
   */
  readonly absentAt: number | null;
  /** A time at which all its unread records were in the stream or yet to come: from then on, their loss is named. */
  readonly presentAt: number | null;
};

/** What a reader learns about a shard. Times are in milliseconds since the epoch. */
export type ShardNews =
  /** A page with records, or the shard's last page; `first` is its first record that has a number. */
  | { readonly is: 'page'; readonly at: number; readonly first: string | null; readonly trimmed: IteratorStart | null }
  /** An open shard has no more records for now. */
  | { readonly is: 'quiet'; readonly at: number; readonly trimmed: IteratorStart | null }
  /** Records up to `last` are durable or set aside; `lastTime` is the time of the last of them. */
  | { readonly is: 'taken'; readonly last: string | null; readonly lastTime: number | null }
  /** All records up to its last are durable or set aside. */
  | { readonly is: 'closed' }
  /** The stream has no such shard any more. */
  | { readonly is: 'gone'; readonly at: number };

/** The lost part of a shard: from where reading was to resume to the first record that is left, or to its end. */
export type LostPart = Pick<Loss, 'start' | 'before'>;

const BEGINNING: IteratorStart = { at: 'TRIM_HORIZON' };

/**
 * A shard as a description shows it for the first time.
 *
 * @param before When the stream was described without it; `null` if this is the first description of all.
 * @param at When this description was asked for.
 * @param createdAt When the stream was switched on. A stream younger than a day can't have dropped anything.
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

/** A shard that a caller names, from one of its records on; `null` for its beginning. All of that is promised. */
export function namedShard(from: string | null): ShardProgress {
  const resume: IteratorStart = from === null ? BEGINNING : { at: 'AT_SEQUENCE_NUMBER', sequenceNumber: from };
  return { parentId: null, resume, done: false, absentAt: 0, presentAt: null };
}

/**
 * The next state of a shard after news of it, and the part of it that is lost.
 *
 * ```text
 *                 page             taken                closed, gone
 *    ┌─► listed ─────────► begun ─────────► read        (from any state)
 *    │   TRIM_HORIZON      AT first         AFTER last ────────────────► done
 *    │                      │  ▲             │  │
 *    │                      │  └─────────────┘  │
 *    │                      │   page, trimmed   │
 *    └──────────────────────┴───────────────────┘
 *               quiet, trimmed
 * ```
 *
 * Other news leaves a shard in its state. `trimmed` news says that the stream dropped the record at which reading was to
 * resume. A page or a batch without a sequence number leaves the state, too.
 *
 * Records that were promised are never passed over silently. Promised are
 *
 * - of a shard that is begun or read: all records from its first on. The stream itself reports that it trimmed these;
 * - of a listed shard that the description before didn't have, or whose stream is younger than a day: all records;
 * - of a shard that the first description of all lists: the records that it had then, if it is still there five minutes later.
 *   A stream drops its oldest records all the time, and a shard that expires while it is described was never promised;
 * - of a shard that was found quiet: all records that come later.
 *
 * Of a shard that was never begun the stream doesn't report what it trimmed: so its oldest records count as lost as soon as the
 * stream may have dropped them.
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
      // No records are left after the trimmed one: the next record will be the shard's oldest.
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

/** A child of a shard that was read to its end: no record in it is older than that end. */
export function afterParent(child: ShardProgress, parent: ShardProgress): ShardProgress {
  if (child.done || child.resume.at !== 'TRIM_HORIZON') return child;
  return { ...child, absentAt: later(child.absentAt, parent.absentAt) };
}

/** Whether the unread records of a shard would be a loss if the shard were gone now. */
export function isPromised({ resume, absentAt, presentAt }: ShardProgress, now: number): boolean {
  if (resume.at !== 'TRIM_HORIZON' || absentAt !== null) return true;
  return presentAt !== null && now - presentAt > MARGIN_MS;
}

/** Whether the stream may have dropped the oldest records of a shard that was promised and never begun. */
function isTrimmedUnread({ resume, absentAt, presentAt: listedAt }: ShardProgress, now: number): boolean {
  const presentAt = listedAt ?? absentAt;
  if (resume.at !== 'TRIM_HORIZON' || presentAt === null || now - presentAt <= MARGIN_MS) return false;
  return absentAt === null || now - absentAt > RETENTION_MS - MARGIN_MS;
}

function later(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}

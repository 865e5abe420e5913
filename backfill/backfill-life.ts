import { isKind } from '../src/errors.ts';
import type { BackfillCheckpoint } from './checkpoint.ts';

/**
 * A backfill's life, which may take several runs.
 *
 * ```text
 *         begun             scanned           published
 *  none ─────────► scanning ───────► whole ─────────────► published
 *   ▲               │  ▲ │           │  ▲ │
 *   │               └──┘ │           └──┘ ├─── withheld ──► stored
 *   │             stopped│          stopped│
 *   │                    │abandoned, lost  │abandoned, lost
 *   │                    ▼                 │
 *   └──── dropped ─── dropping ◄───────────┘
 * ```
 *
 * - `none`: there is no checkpoint.
 * - `scanning`: the checkpoint says how far each segment is durable in the snapshot.
 * - `whole`: every segment is. The snapshot is counted, perhaps compared, and then published.
 * - `published`: the state stands on it, or on a compaction of it. A run that was killed right behind that left its
 *   checkpoint, and perhaps the ledger without the event: the next run adds the one and removes the other.
 * - `stored`: whole and unpublished, without a checkpoint (`kept` in `tailrace snapshots list`). A person publishes or drops it.
 * - `dropping`: the checkpoint says so, so that the next run finishes a drop that was killed.
 *
 * The checkpoint is saved before the snapshot exists and removed after it is dropped, so no snapshot is ever without a
 * run that finds it again.
 */
export type BackfillState = 'none' | 'scanning' | 'whole' | 'published' | 'stored' | 'dropping';

export type BackfillEvent =
  /** The first checkpoint is saved. */
  | 'begun'
  /** The read cap, an interruption, a kill, or a failure that a later run can make good. */
  | 'stopped'
  /** All rows are durable and counted. */
  | 'scanned'
  /** The state stands on it. */
  | 'published'
  /** It is whole, and this run doesn't publish it: `--no-publish`, or another snapshot was published meanwhile. */
  | 'withheld'
  /** It isn't wanted: `--restart`, or a repair without a difference. */
  | 'abandoned'
  /** It can never be published, or no checkpoint lets a later run resume it. */
  | 'lost'
  /** Its snapshot is dropped, and its checkpoint removed. */
  | 'dropped';

const TRANSITIONS: Readonly<Record<BackfillState, Partial<Record<BackfillEvent, BackfillState>>>> = {
  none: { begun: 'scanning', stopped: 'none', lost: 'none' },
  scanning: { stopped: 'scanning', scanned: 'whole', abandoned: 'dropping', lost: 'dropping' },
  whole: {
    stopped: 'whole',
    scanned: 'whole',
    published: 'published',
    withheld: 'stored',
    abandoned: 'dropping',
    lost: 'dropping',
  },
  // Dropping a published one removes its checkpoint alone: the state goes back to it.
  published: { stopped: 'published', scanned: 'published', lost: 'dropping' },
  stored: {},
  dropping: { stopped: 'dropping', abandoned: 'dropping', dropped: 'none' },
};

/**
 * The state after an event.
 *
 * @throws {RangeError} if the event can't come in that state.
 */
export function afterEvent(state: BackfillState, event: BackfillEvent): BackfillState {
  const next = TRANSITIONS[state][event];
  if (next === undefined) throw new RangeError(`A backfill in state ${state} can't be ${event}`);
  return next;
}

/** The state that a checkpoint leaves to the next run. Whether the snapshot is published, only the state knows. */
export function stateIn(checkpoint: BackfillCheckpoint | null): BackfillState {
  if (checkpoint === null) return 'none';
  if (checkpoint.isDropping) return 'dropping';
  return checkpoint.segments.every(({ done }) => done) ? 'whole' : 'scanning';
}

/** Whether the next run resumes it. */
export function isResumable(state: BackfillState): boolean {
  return state === 'scanning' || state === 'whole';
}

/** What follows from the decision on a whole snapshot, in a run that may `publish` or not. */
export function eventOfDecision(decision: 'publish' | 'drop' | 'leave', publish: boolean): BackfillEvent {
  if (decision === 'leave') return 'stopped';
  if (decision === 'drop') return 'abandoned';
  return publish ? 'published' : 'withheld';
}

/** Failures after which what was read can never be published. */
const HOPELESS = ['stream-changed', 'snapshot-incomplete', 'snapshot-outdated', 'source-table-missing'] as const;

/** What a failure means for it, with or without a checkpoint that a later run can resume from. */
export function eventOfFailure(error: unknown, hasCheckpoint: boolean): 'lost' | 'withheld' | 'stopped' {
  if (!hasCheckpoint || isKind(error, ...HOPELESS)) return 'lost';
  return isKind(error, 'snapshot-superseded') ? 'withheld' : 'stopped';
}

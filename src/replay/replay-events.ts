import type { TailraceError } from '../errors.ts';
import type { Loss } from '../stream/loss.ts';

/** What a replay has to say of what it could not bring in. Called as it happens, so that nothing piles up. */
export type ReplayEvents = {
  /** The stream has dropped these records: only a backfill brings the items right again. */
  lost(loss: Loss): void;
  /** Something was left as it was, because it is nothing that can be replayed here. */
  refused(name: string, error: TailraceError): void;
};

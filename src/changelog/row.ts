import { TailraceError } from '../errors.ts';
import { positionOf } from '../order/position.ts';
import type { Transform } from '../privacy/transform.ts';
import type { Change, Operation } from '../record/change.ts';
import { canonicalItem, canonicalJson } from '../value/canonical-json.ts';
import { canonicalKey } from '../value/key.ts';

/** Which way a row came in. */
export type Origin = 'stream' | 'replay' | 'tail';

/**
 * One row of a changelog before a destination has taken it; what each column means stands in {@link CHANGELOG_COLUMNS}.
 * Times are epoch milliseconds.
 */
export type ChangelogRow = {
  readonly key: string;
  readonly operation: Operation;
  readonly position: string;
  readonly sequenceNumber: string;
  readonly eventId: string | null;
  readonly changedAt: number;
  /** Canonical JSON text. */
  readonly newImage: string | null;
  /** Canonical JSON text. */
  readonly oldImage: string | null;
  readonly digest: string | null;
  readonly expired: boolean;
  readonly origin: Origin;
  readonly generation: number;
};

/** A row as the changelog holds it. The destination stamps it, at each attempt to store it. */
export type StampedRow = ChangelogRow & {
  /** Epoch milliseconds, or microseconds as a `bigint`. */
  readonly ingestedAt: number | bigint;
};

/** What a row holds besides its change. */
export type RowContext = {
  readonly transform: Transform;
  readonly origin: Origin;
};

/**
 * Encodes a change as its changelog row.
 *
 * @throws {TailraceError} `record-invalid` with sequence number and path if a value of it can't be carried exactly.
 */
export function toRow(change: Change, { transform, origin }: RowContext): ChangelogRow {
  try {
    const item = change.newImage && canonicalItem(transform.item(change.newImage), 'dynamodb.NewImage');
    return {
      key: canonicalKey(transform.keys(change.keys), 'dynamodb.Keys'),
      operation: change.operation,
      position: positionOf(change.stream.label, change.sequenceNumber),
      sequenceNumber: change.sequenceNumber,
      eventId: change.eventId,
      changedAt: change.changedAt,
      newImage: item?.text ?? null,
      oldImage: change.oldImage && canonicalJson(transform.item(change.oldImage), 'dynamodb.OldImage'),
      digest: item?.digest ?? null,
      expired: change.expired,
      origin,
      generation: transform.generation,
    };
  } catch (error) {
    if (!(error instanceof TailraceError)) throw error;
    throw new TailraceError(error.kind, error.message, {
      context: { ...error.context, sequence_number: change.sequenceNumber },
      cause: error,
    });
  }
}

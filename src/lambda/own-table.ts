import type { Clock } from '../clock.ts';
import type { ChangelogAppender } from '../destination/destination.ts';
import { refuseOtherStream } from '../destination/known-stream.ts';
import type { KnownTable } from '../destination/known-table.ts';
import { isKind, TailraceError } from '../errors.ts';
import type { StreamArn } from '../order/stream-arn.ts';

/** How often the changelog is looked at: a table may be removed and set up again while the function runs. */
const LOOK_EVERY_MS = 3 * 60_000;

export type OwnTableOptions = {
  /** The stream whose records the function takes. */
  readonly stream: StreamArn;
  /** The table that the changelog remembers; `undefined` if there is no changelog, or no table in it. It costs nothing. */
  readonly look: (until?: number) => Promise<KnownTable | undefined>;
  readonly clock: Pick<Clock, 'now'>;
};

/**
 * Appends only if the changelog is of the same table as the function's stream. It looks before the first rows, and every few
 * minutes.
 *
 * A function knows its stream's ARN and may not ask DynamoDB for more. The stream counts as the table's if a command that
 * compared the TableId saw the table with this stream, or a younger one: see {@link refuseOtherStream}. So on the stream of a
 * table that was created again a function writes nothing before `tailrace setup`, which would refuse that table. Nor does it on
 * a stream that was switched off and on, before `tailrace setup` has seen that stream. Meanwhile Lambda holds the records.
 *
 * Where no command has asked DynamoDB yet, only the table's ARN is compared.
 */
export function ownTableOnly(inner: ChangelogAppender, { stream, look, clock }: OwnTableOptions): ChangelogAppender {
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    async append(table, rows, options) {
      // The machine's clock may be set back.
      if (rows.length > 0 && Math.abs(clock.now() - lookedAt) >= LOOK_EVERY_MS) {
        const known = await look(options?.deadline);
        if (known !== undefined) refuseOther(stream, known);
        lookedAt = clock.now();
      }
      return inner.append(table, rows, options);
    },
  };
}

/** @throws {TailraceError} `destination-conflict` with the command that ends it. */
function refuseOther(stream: StreamArn, known: KnownTable): void {
  try {
    refuseOtherStream(stream, known);
  } catch (error) {
    if (!isKind(error, 'record-foreign')) throw error;
    const { name } = known.source;
    throw new TailraceError('destination-conflict', `${error.message}: nothing is written`, {
      context: error.context,
      remedy:
        `Run \`tailrace setup ${name}\`: if the table is still the one in the changelog, the function then resumes by itself; if ` +
        'it was created again, the command names the next one. If the function reads the stream of a table that is gone, deploy it with ' +
        "the ARN of the new table's stream.",
      cause: error,
    });
  }
}

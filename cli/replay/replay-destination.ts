import type { ChangelogAppender, Destination } from '../../src/destination/destination.ts';
import { identity } from '../../src/privacy/transform.ts';
import { type Floors, floorsOf, NO_FLOORS } from '../../src/snapshot/floors.ts';
import type { Sighting } from '../../src/source/sighting.ts';
import type { SourceTable } from '../../src/source/source-table.ts';
import type { Output } from '../terminal/output.ts';

/** The destination as a replay writes to it. */
export interface ReplayDestination {
  readonly appender: ChangelogAppender;
  /** The floors of what is published, known before the first row is written. */
  floors(): Floors;
}

/**
 * Prepares a destination with the first rows: without rows, nothing is created.
 *
 * @param destination `null` discards the rows, for a dry run.
 * @param seen The table as DynamoDB has it; `null` if it wasn't asked.
 */
export function replayDestination(
  destination: Destination | null,
  seen: Sighting | null,
  output: Output,
): ReplayDestination {
  let floors: Floors = NO_FLOORS;
  let prepared: Promise<void> | undefined;
  const prepare = async (to: Destination, table: SourceTable) => {
    const { created } = await to.prepare(table, identity.generation, { seen });
    if (created.length > 0) output.note(`Created in ${to.name}: ${created.join(', ')}.`);
    const published = await to.published(table);
    if (published !== undefined) floors = await floorsOf(published, () => to.ledger(table));
  };
  return {
    appender: {
      async append(table, rows, options) {
        if (destination === null || rows.length === 0) return [];
        prepared ??= prepare(destination, table);
        await prepared;
        return destination.append(table, rows, options);
      },
    },
    floors: () => floors,
  };
}

import type { ChangelogStorage } from '../changelog/storage.ts';
import type { Sighting } from '../source/sighting.ts';
import type { SourceTable } from '../source/source-table.ts';

/** What is known of the table whose changes a destination has, or is to have, under a name. */
export type KnownTable = {
  readonly source: SourceTable;
  /** `null` where no command has asked DynamoDB yet, as after a replay from a file. */
  readonly seen: Sighting | null;
};

/** The table whose changes a destination has under a name, as its changelog remembers it. */
export type KnownChangelog = KnownTable & { readonly changelog: ChangelogStorage };

/** As {@link KnownChangelog}; `null` for the storage of a changelog in the form of another version of Tailrace. */
export type RememberedTable = KnownTable & { readonly changelog: ChangelogStorage | null };

/** A description in BigQuery holds 16,384 characters, a label up to 128. */
const MAX_STREAMS = 20;

/**
 * Adds what was found out to what is remembered of a table. Nothing is forgotten except the oldest of many streams.
 *
 * @param known The same table as remembered so far; `undefined` if nothing is.
 */
export function rememberTable(
  known: KnownTable | undefined,
  source: SourceTable,
  seen: Sighting | null = null,
): KnownTable {
  const tableId = source.tableId ?? known?.source.tableId ?? null;
  return { source: { ...source, tableId }, seen: joined(known?.seen ?? null, seen) };
}

function joined(before: Sighting | null, now: Sighting | null): Sighting | null {
  if (before === null || now === null) return before ?? now;
  const streams = [...new Set([...before.streams, ...now.streams])].slice(-MAX_STREAMS);
  const keys = now.keys ?? before.keys;
  return { createdAt: now.createdAt ?? before.createdAt, streams, ...(keys && { keys }) };
}

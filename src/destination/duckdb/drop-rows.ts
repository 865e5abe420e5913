import { objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { deleteOldRows } from '../../views/old-rows.ts';
import { keptSinceRaised } from '../kept-since.ts';
import { refuseNeededRows } from '../published-conflict.ts';
import { Catalog } from './catalog.ts';
import type { Session } from './session.ts';
import { stateInForce } from './state-view.ts';
import { oldestStamp } from './tail-start.ts';

/**
 * Implements `RowRetention.ingestedWithin`, by the rows themselves: the file's clock and DynamoDB's needn't agree.
 *
 * @param now Milliseconds since the epoch.
 */
export async function ingestedWithin(
  session: Session,
  table: SourceTable,
  ageMs: number,
  now: number,
): Promise<number> {
  const changedSince = now - ageMs;
  return Math.min(changedSince, (await oldestStamp(session, table, changedSince)) ?? changedSince);
}

/** Implements `RowRetention.dropRows`, in one transaction. */
export function dropRows(session: Session, table: SourceTable, before: number): Promise<void> {
  return session.transaction(async () => {
    const names = objectNames(table.name);
    const catalog = await Catalog.read(session);
    const { name, annotation } = catalog.require(names.changelog);
    refuseNeededRows(table, stateInForce(catalog, table)?.published, before);
    await session.run(
      duckdb.commentOnTable(name, keptSinceRaised(name, annotation, before)),
      deleteOldRows(duckdb, names, before),
    );
  });
}

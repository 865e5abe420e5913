import { loadName, objectNames } from '../../names/object-names.ts';
import type { TypedColumn } from '../../schema/typed-column.ts';
import { publishedOver } from '../../snapshot/ledger.ts';
import { isSameReading, type Publication } from '../../snapshot/publication-rule.ts';
import { isSamePublished, type Published } from '../../snapshot/published.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { Dialect } from '../../views/dialect.ts';
import type { StateInForce } from '../../views/state.ts';
import { changedMeanwhile } from '../object-conflict.ts';
import { refuseForbidden, refusePublished, refuseUnmade } from '../published-conflict.ts';
import type { Dataset } from './dataset.ts';
import { hasStatus } from './errors.ts';
import { keptSince } from './setup.ts';
import { columnNames, requireSnapshot, snapshotIn } from './snapshot-table.ts';
import { stateInForce, stateResource } from './state-view.ts';
import { refuseExpiring } from './table.ts';

/** How often a swap is tried whose view changes under it, each time in a way that the rule allows. */
const MAX_SWAPS = 5;

/** Implements `SnapshotStore.published`. */
export async function readPublished(dataset: Dataset, table: SourceTable): Promise<Published | undefined> {
  const view = await dataset.findTable(objectNames(table.name).state);
  if (view !== undefined) return stateInForce(dataset, table, view).published;
  await dataset.location();
  return undefined;
}

/**
 * Implements `SnapshotStore.publish`: the swap is refused if the view's etag changed since it was read, and then the view is
 * read and the rule asked again.
 *
 * If the answer to the swap gets lost, the swap itself has changed the etag: then the state stands on `next`, or on a
 * compaction of it already.
 */
export async function publish(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  publication: Publication,
): Promise<Published> {
  const { next } = publication;
  let before: Published | undefined;
  return swapState(dataset, dialect, table, async ({ published, columns }) => {
    if (before !== undefined && standsOn(published, next, before)) return before;
    if (next.snapshotId !== null) await requireMade(dataset, table, next.snapshotId, next);
    refuseForbidden(table, published, publication, await keptSince(dataset, table));
    before = published;
    return { published: next, columns };
  });
}

/** Whether a state stands on `next` or on a compaction of it, where it stood on another reading `before`. */
function standsOn(state: Published, next: Published, before: Published): boolean {
  return isSamePublished(state, next) || (isSameReading(state, next) && !isSameReading(before, next));
}

/**
 * Replaces the typed columns in force.
 *
 * @param columnsOver Gives them, over those in force.
 */
export async function replaceColumns(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  columnsOver: (inForce: readonly TypedColumn[]) => readonly TypedColumn[],
): Promise<void> {
  await swapState(dataset, dialect, table, async (state) => {
    const columns = columnsOver(state.columns);
    return JSON.stringify(columns) === JSON.stringify(state.columns)
      ? state.published
      : { published: state.published, columns };
  });
}

/** @param next Gives the state to set, or what the state stood on if nothing is left to do. */
async function swapState(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  next: (current: StateInForce) => Promise<StateInForce | Published>,
): Promise<Published> {
  const { state } = objectNames(table.name);
  for (let swaps = 0; swaps < MAX_SWAPS; swaps++) {
    const resource = await dataset.getTable(state);
    const current = stateInForce(dataset, table, resource);
    const wanted = await next(current);
    if (!('published' in wanted)) return wanted;
    const { snapshotId } = wanted.published;
    const snapshot = snapshotId === null ? {} : await requireSnapshot(dataset, table, snapshotId);
    try {
      const replaced = stateResource(dataset, dialect, table, wanted, columnNames(snapshot));
      await dataset.patchTable(state, replaced, resource.etag);
      return current.published;
    } catch (error) {
      if (!hasStatus(error, 412)) throw error;
    }
  }
  throw changedMeanwhile(table.name, state, dataset.nameOf(state));
}

/** Refuses a snapshot that isn't whole, whose description says otherwise, or that BigQuery drops some day. */
async function requireMade(dataset: Dataset, table: SourceTable, id: SnapshotId, next: Published): Promise<void> {
  const resource = await requireSnapshot(dataset, table, id);
  const facts = refuseUnmade(table, id, snapshotIn(resource, table)?.facts ?? undefined);
  if (!isSamePublished(publishedOver(facts), next)) refuseUnmade(table, id, undefined);
  refuseExpiring(dataset, resource, objectNames(table.name).snapshot(id));
}

/** Implements `SnapshotStore.dropSnapshot`. */
export async function dropSnapshot(dataset: Dataset, table: SourceTable, id: SnapshotId): Promise<void> {
  refusePublished(table, id, await readPublished(dataset, table));
  await dataset.dropTable(objectNames(table.name).snapshot(id));
  await dataset.dropTable(loadName(id));
}

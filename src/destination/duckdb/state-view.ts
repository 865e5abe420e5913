import { TailraceError } from '../../errors.ts';
import { objectNames } from '../../names/object-names.ts';
import type { Published } from '../../snapshot/published.ts';
import type { SnapshotId } from '../../snapshot/snapshot-id.ts';
import type { SourceTable } from '../../source/source-table.ts';
import { duckdb } from '../../views/duckdb.ts';
import { type StateInForce, stateSelect } from '../../views/state.ts';
import { writeAnnotation } from '../annotation.ts';
import { editedView } from '../published-conflict.ts';
import type { MadeSnapshot } from '../snapshot-store.ts';
import { text } from '../sql-row.ts';
import { Catalog } from './catalog.ts';
import type { Session } from './session.ts';

/** Reads what a table's state stands on; `undefined` if there is no such view. */
export function stateInForce(catalog: Catalog, table: SourceTable): StateInForce | undefined {
  const { state } = objectNames(table.name);
  const found = catalog.find(state);
  if (found === undefined) return undefined;
  const { kind, comment, annotation } = found;
  if (kind === 'view' && annotation?.of === 'state') {
    return { published: annotation.published, columns: annotation.columns ?? [] };
  }
  if (kind === 'view' && comment === null) {
    throw new TailraceError('destination-conflict', `${state} has no comment, as after IMPORT DATABASE`, {
      context: { object: state },
      remedy: `Run \`tailrace setup ${table.name}\`: it recognises its own objects.`,
    });
  }
  throw editedView(table, state, state, "isn't the view that Tailrace made: edited by hand?");
}

/** As {@link stateInForce}, of a view that must be there. */
export function requireState(catalog: Catalog, table: SourceTable): StateInForce {
  const state = stateInForce(catalog, table);
  if (state !== undefined) return state;
  catalog.require(objectNames(table.name).state);
  throw new Error('The view is there and was not found');
}

/** Implements `SnapshotStore.published`. */
export async function readPublished(session: Session, table: SourceTable): Promise<Published | undefined> {
  return stateInForce(await Catalog.read(session), table)?.published;
}

/** Implements `SnapshotStore.describeSnapshot`. */
export function snapshotIn(catalog: Catalog, table: SourceTable, id: SnapshotId): MadeSnapshot | undefined {
  const annotation = catalog.find(objectNames(table.name).snapshot(id))?.annotation;
  return annotation?.of === 'snapshot' && annotation.tableName === table.name
    ? (annotation.facts ?? undefined)
    : undefined;
}

/** Creates or replaces a table's state, within the open transaction. */
export async function writeState(session: Session, table: SourceTable, state: StateInForce): Promise<void> {
  const names = objectNames(table.name);
  const { snapshotId } = state.published;
  const stored = snapshotId === null ? [] : await columnNames(session, names.snapshot(snapshotId));
  const select = stateSelect(duckdb, names, { ...state, stored: new Set(stored) });
  await session.run(...duckdb.createView(names.state, select, writeAnnotation({ of: 'state', ...state })));
}

/** Names of a table's columns. */
export async function columnNames(session: Session, table: string): Promise<readonly string[]> {
  return (await session.rows(`DESCRIBE ${duckdb.table(table)}`)).map((row) => text(row, 'column_name'));
}

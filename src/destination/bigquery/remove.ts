import { comparisonName, LEDGER, objectNames } from '../../names/object-names.ts';
import { digestOf } from '../../value/digest.ts';
import { readAnnotation } from '../annotation.ts';
import { changedMeanwhile } from '../object-conflict.ts';
import { type FoundObject, type OwnedObject, type OwnedObjects, ownedBy } from '../table-removal.ts';
import type { Dataset } from './dataset.ts';
import { QUERY_DIGEST } from './latest-view.ts';
import type { TableResource } from './resources.ts';
import { countedRows } from './table.ts';

type Found = FoundObject & { readonly rows: number | null };

/** Implements `TableRemoval.ownedObjects`. */
export async function ownedObjects(dataset: Dataset, tableName: string): Promise<OwnedObjects> {
  const ids = await dataset.tableIds();
  const found: Found[] = [];
  for (const id of ids.filter((name) => mayBeOf(tableName, name))) {
    const resource = await dataset.findTable(id);
    if (resource !== undefined) found.push(foundObject(id, resource));
  }
  const { owned, left } = ownedBy(tableName, found);
  return {
    objects: owned.map(({ name, kind, rows }) => ({ name, kind, rows })),
    left,
    hasLedger: ids.includes(LEDGER),
  };
}

/** Implements `TableRemoval.dropObject`. */
export async function dropObject(dataset: Dataset, tableName: string, { name, kind }: OwnedObject): Promise<void> {
  const resource = await dataset.findTable(name);
  if (resource === undefined) return;
  const { owned } = ownedBy(tableName, [foundObject(name, resource)]);
  if (owned[0]?.kind !== kind) throw changedMeanwhile(tableName, name, dataset.nameOf(name));
  await dataset.dropTable(name);
}

/** Whether the name may be one of a table's objects; their descriptions decide. So few of them are requested. */
function mayBeOf(tableName: string, id: string): boolean {
  const { changelog, latest, typed, snapshot } = objectNames(tableName);
  const name = id.toLowerCase();
  const names = [changelog, latest, typed].map((own) => own.toLowerCase());
  const prefixes = [snapshot(''), comparisonName('')].map((prefix) => prefix.toLowerCase());
  return names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

function foundObject(name: string, resource: TableResource): Found {
  const { type, description, view, labels } = resource;
  const kind = type === 'VIEW' || type === 'MATERIALIZED_VIEW' ? 'view' : 'table';
  return {
    name,
    kind,
    annotation: readAnnotation(description ?? null),
    isEdited: kind === 'view' && (view?.query === undefined || digestOf(view.query) !== labels?.[QUERY_DIGEST]),
    rows: kind === 'view' ? null : (countedRows(resource) ?? 0),
  };
}

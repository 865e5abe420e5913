import { comparisonName, LEDGER, loadName, objectNames } from '../../names/object-names.ts';
import { digestOf } from '../../value/digest.ts';
import { changedMeanwhile } from '../object-conflict.ts';
import { type FoundObject, hasThisLedger, type OwnedObject, type OwnedObjects, ownedBy } from '../table-removal.ts';
import { annotationOf } from './annotation-of.ts';
import type { Dataset } from './dataset.ts';
import type { TableResource } from './resources.ts';
import { QUERY_DIGEST } from './state-view.ts';
import { countedRows } from './table.ts';

type Found = FoundObject & { readonly rows: number | null };

/** Implements `TableRemoval.ownedObjects`. */
export async function ownedObjects(dataset: Dataset, tableName: string): Promise<OwnedObjects> {
  const found = await foundObjects(dataset, tableName);
  const { owned, left } = ownedBy(tableName, found);
  return {
    objects: owned.map(({ name, kind, rows }) => ({ name, kind, rows })),
    left,
    hasLedger: hasThisLedger(found.find(({ name }) => name === LEDGER)?.annotation),
  };
}

/** Implements `TableRemoval.dropObject`. */
export async function dropObject(dataset: Dataset, tableName: string, { name, kind }: OwnedObject): Promise<void> {
  const resource = await dataset.findTable(name);
  if (resource === undefined) return;
  // Whose the ledger is depends on other objects.
  const found = name === LEDGER ? await foundObjects(dataset, tableName) : [foundObject(name, resource)];
  const { owned } = ownedBy(tableName, found);
  if (owned.find((object) => object.name === name)?.kind !== kind) {
    throw changedMeanwhile(tableName, name, dataset.nameOf(name));
  }
  await dataset.dropTable(name);
}

/** What may be a table's, and the ledger; with a ledger in the form of another version, all changelogs. */
async function foundObjects(dataset: Dataset, tableName: string): Promise<readonly Found[]> {
  const listed = await dataset.listTables();
  const ids = listed.map(({ id }) => id);
  const typed = new Set(listed.filter(({ role }) => role === 'typed').map(({ id }) => id));
  const read = async (chosen: readonly string[]) => {
    const found: Found[] = [];
    for (const id of chosen) {
      const resource = await dataset.findTable(id);
      if (resource !== undefined) found.push(foundObject(id, resource));
    }
    return found;
  };
  const ledger = await read(ids.filter((id) => id === LEDGER));
  const isOther = ledger.some(({ annotation }) => !hasThisLedger(annotation));
  const isChangelog = (id: string) => id.toLowerCase().endsWith(objectNames('').changelog);
  const own = await read(ids.filter((id) => mayBeOf(tableName, id) || typed.has(id) || (isOther && isChangelog(id))));
  return [...own, ...ledger];
}

/** Whether the name may be one of a table's objects; their descriptions decide. So few of them are requested. */
function mayBeOf(tableName: string, id: string): boolean {
  const { changelog, state, latest, typed, snapshot } = objectNames(tableName);
  const name = id.toLowerCase();
  const names = [changelog, state, latest, typed].map((own) => own.toLowerCase());
  const prefixes = [snapshot(''), comparisonName(''), loadName('')].map((prefix) => prefix.toLowerCase());
  return names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

function foundObject(name: string, resource: TableResource): Found {
  const { type, view, labels } = resource;
  const kind = type === 'VIEW' || type === 'MATERIALIZED_VIEW' ? 'view' : 'table';
  return {
    name,
    kind,
    annotation: annotationOf(resource),
    isEdited: kind === 'view' && (view?.query === undefined || digestOf(view.query) !== labels?.[QUERY_DIGEST]),
    rows: kind === 'view' ? null : (countedRows(resource) ?? 0),
  };
}

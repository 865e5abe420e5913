import { LEDGER } from '../../names/object-names.ts';
import { duckdb } from '../../views/duckdb.ts';
import { changedMeanwhile } from '../object-conflict.ts';
import { number } from '../sql-row.ts';
import { hasThisLedger, type OwnedObject, type OwnedObjects, ownedBy } from '../table-removal.ts';
import { Catalog } from './catalog.ts';
import type { Session } from './session.ts';

/** Implements `TableRemoval.ownedObjects`. */
export async function ownedObjects(session: Session, tableName: string): Promise<OwnedObjects> {
  const catalog = await Catalog.read(session);
  const { owned, left } = ownedIn(catalog, tableName);
  const objects: OwnedObject[] = [];
  for (const { name, kind } of owned) {
    objects.push({ name, kind, rows: kind === 'view' ? null : await rowsOf(session, name) });
  }
  return { objects, left, hasLedger: hasThisLedger(catalog.find(LEDGER)?.annotation) };
}

/** Implements `TableRemoval.dropObject`: the check of the object and the drop are one transaction. */
export function dropObject(session: Session, tableName: string, { name, kind }: OwnedObject): Promise<void> {
  return session.transaction(async () => {
    const catalog = await Catalog.read(session);
    if (catalog.find(name) === undefined) return;
    const { owned } = ownedIn(catalog, tableName);
    const isSame = owned.some((object) => object.name === name && object.kind === kind);
    if (!isSame) throw changedMeanwhile(tableName, name);
    await session.run(kind === 'view' ? `DROP VIEW ${duckdb.table(name)}` : duckdb.dropTable(name));
  });
}

/** None is known to be edited: an edit by hand replaces an object, and its comment is lost. */
function ownedIn({ objects }: Catalog, tableName: string) {
  return ownedBy(
    tableName,
    objects.map((object) => ({ ...object, isEdited: false })),
  );
}

async function rowsOf(session: Session, name: string): Promise<number> {
  const [row = {}] = await session.rows(`SELECT count(*) AS n FROM ${duckdb.table(name)}`);
  return number(row, 'n');
}

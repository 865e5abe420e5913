import { TailraceError } from '../errors.ts';
import { objectNames, RESERVED_PREFIX } from './object-names.ts';

/**
 * Refuses a source table whose objects would have another's names.
 *
 * Names are compared without case, as warehouses do. A name that begins with another's `…_snapshot_` is refused too,
 * whatever follows, so that their prefix identifies a table's snapshots.
 *
 * @param tableName Name of the table in DynamoDB.
 * @param known Names of the tables that the destination already has; `tableName` itself may be among them.
 * @throws {TailraceError} `destination-conflict` with both names.
 */
export function refuseNameClash(tableName: string, known: readonly string[]): void {
  const { typed } = objectNames(tableName);
  if (typed.toLowerCase().startsWith(RESERVED_PREFIX)) {
    throw new TailraceError(
      'destination-conflict',
      `Table ${tableName} can't have a changelog: names that begin with ${RESERVED_PREFIX} are Tailrace's own`,
      { context: { table: tableName }, remedy: 'Only a table of another name can have one.' },
    );
  }
  for (const other of known) {
    const clash = other === tableName ? undefined : clashOf(typed, objectNames(other).typed);
    if (clash === undefined) continue;
    throw new TailraceError(
      'destination-conflict',
      `Tables ${tableName} and ${other} can't both have changelogs here: both would own the name ${clash}`,
      { context: { table: tableName, other_table: other } },
    );
  }
}

/** The name that two tables' objects would share, or `undefined` if there is none. */
function clashOf(a: string, b: string): string | undefined {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  if (left === right || ownedBy(left, right)) return a;
  return ownedBy(right, left) ? b : undefined;
}

/** Whether `name` is that of the changelog, the state, the latest view or a snapshot of the table `owner`. */
function ownedBy(name: string, owner: string): boolean {
  const { changelog, state, latest, snapshot } = objectNames(owner);
  return [changelog, state, latest].includes(name) || name.startsWith(snapshot(''));
}

import type { Clock } from '../clock.ts';
import { TailraceError } from '../errors.ts';
import { droppedAt } from '../snapshot/history.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import type { OwnedObject, OwnedObjects, TableRemoval } from './table-removal.ts';

export type RemovalOptions = {
  readonly destination: TableRemoval & Pick<SnapshotStore, 'ledger' | 'record'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Who does it, for the ledger. */
  readonly actor: string;
  readonly signal: AbortSignal;
  /** Called for each object once it is gone. */
  readonly onDropped: (object: OwnedObject) => void;
};

/**
 * Drops a table's objects in a destination, and marks its snapshots as dropped in the ledger, which itself stays.
 *
 * The changelog goes last, after the marks. If it is stopped anywhere, another run does the rest.
 *
 * @returns the number of snapshots marked.
 * @throws {TailraceError} `interrupted` if `signal` aborts, between two objects.
 */
export async function removeTable(tableName: string, owned: OwnedObjects, options: RemovalOptions): Promise<number> {
  const changelog = owned.objects.at(-1);
  for (const object of owned.objects.slice(0, -1)) await drop(tableName, object, options);
  const marked = owned.hasLedger ? await markDropped(tableName, options) : 0;
  if (changelog) await drop(tableName, changelog, options);
  return marked;
}

async function drop(tableName: string, object: OwnedObject, options: RemovalOptions): Promise<void> {
  const { destination, signal, onDropped } = options;
  if (signal.aborted) {
    throw new TailraceError('interrupted', `The removal of ${tableName} was stopped before its end`, {
      context: { table: tableName },
      remedy: 'What is gone stays gone: run it again to remove the rest.',
    });
  }
  await destination.dropObject(tableName, object);
  onDropped(object);
}

/** Every snapshot of the name that the ledger doesn't have as dropped: also one whose table was dropped by hand. */
async function markDropped(tableName: string, { destination, clock, actor }: RemovalOptions): Promise<number> {
  const ledger = await destination.ledger({ name: tableName });
  const ids = [...new Set(ledger.map(({ snapshotId }) => snapshotId))];
  let marked = 0;
  for (const id of ids) {
    const events = ledger.filter(({ snapshotId }) => snapshotId === id);
    const [begun] = events;
    if (begun === undefined || droppedAt(events) !== null) continue;
    // Never before the events that it follows, whatever clock wrote those.
    const at = Math.max(clock.now(), ...events.map((event) => event.at));
    await destination.record({ ...begun, at, event: 'dropped', actor });
    marked++;
  }
  return marked;
}

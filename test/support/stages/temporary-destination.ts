import type { Destination } from '../../../src/destination/destination.ts';

/** An empty place of one kind of destination, made for one test. Disposing of it leaves nothing behind. */
export interface TemporaryDestination extends AsyncDisposable {
  /** A handle of its own each time, as another process would have one. The test disposes of it. */
  open(): Promise<Destination>;
  /** How a statement names a table or view of the place. */
  table(name: string): string;
  /** Makes a table with one column `x` that isn't Tailrace's. */
  createForeignTable(name: string): Promise<void>;
}

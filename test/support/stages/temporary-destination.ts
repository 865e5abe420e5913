import type { Destination } from '../../../src/destination/destination.ts';

/** An empty file or dataset, made for one test. Disposing of it leaves nothing behind. */
export interface TemporaryDestination extends AsyncDisposable {
  /** Opens another handle, as another process would. The test disposes of it. */
  open(): Promise<Destination>;
  /** How a statement names a table or view in it. */
  table(name: string): string;
  /** Creates a table with one column `x` that isn't Tailrace's. */
  createForeignTable(name: string): Promise<void>;
  /** Gives a table another comment, as a person or another version of Tailrace would. */
  setComment(table: string, comment: string): Promise<void>;
}

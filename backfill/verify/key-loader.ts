import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceComparison } from '../../src/destination/comparer.ts';
import { KEY_DIGEST_FORM } from '../../src/destination/row-form.ts';
import { hasCode } from '../../src/file-failure.ts';
import type { KeyDigest } from '../../src/snapshot/row.ts';
import { RowSpool } from '../scan/row-spool.ts';

/**
 * Keys and digests of one load, about 9 MB. BigQuery takes 1,500 loads into a table a day, which is enough for hundreds of
 * millions of items.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#load_jobs>
 */
const LOAD_ROWS = 100_000;

/** Files of a killed process are orphans, and removed, once nothing was written to them for this long. */
const ORPHAN_AGE_MS = 24 * 60 * 60 * 1000;

export type KeyLoaderOptions = {
  readonly comparison: Pick<SourceComparison, 'add'>;
  /** A directory for rows that aren't loaded yet; several loaders may use it. */
  readonly spool: string;
  /** Names this loader's files in it: unique. */
  readonly id: string;
  readonly now: number;
  readonly loadRows?: number;
};

/**
 * Loads the keys and digests of a scan into a comparison, in loads of a size that any destination takes with little memory.
 *
 * Rows wait for their load in a file, one for each load. Disposing of the loader removes the files.
 */
export class KeyLoader implements Disposable {
  readonly #comparison: Pick<SourceComparison, 'add'>;
  readonly #directory: string;
  readonly #loadRows: number;
  #files = 0;
  #open: RowSpool<KeyDigest>;

  constructor({ comparison, spool, id, now, loadRows = LOAD_ROWS }: KeyLoaderOptions) {
    removeOrphans(spool, now);
    this.#comparison = comparison;
    this.#directory = join(spool, id);
    this.#loadRows = loadRows;
    this.#open = this.#begin();
  }

  /**
   * Takes the rows of a page. If they fill a load, it resolves once that is in the comparison: so each segment of a scan has
   * one load in flight at most.
   */
  async take(rows: Iterable<KeyDigest>): Promise<void> {
    for (const row of rows) this.#open.add(row);
    if (this.#open.count >= this.#loadRows) await this.flush();
  }

  /** Resolves when all rows that were taken are in the comparison, or in flight in a call of {@link take}. */
  async flush(): Promise<void> {
    const full = this.#open;
    if (full.count === 0) return;
    this.#open = this.#begin();
    const { file } = full.close();
    await this.#comparison.add(file);
    rmSync(file.path);
  }

  [Symbol.dispose](): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #begin(): RowSpool<KeyDigest> {
    return new RowSpool(join(this.#directory, String(this.#files++)), KEY_DIGEST_FORM);
  }
}

function removeOrphans(spool: string, now: number): void {
  if (statSync(spool, { throwIfNoEntry: false }) === undefined) return;
  for (const name of readdirSync(spool)) {
    const path = join(spool, name);
    if (now - writtenAt(path, now) >= ORPHAN_AGE_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** When a directory or one of its files was last written to; `now` if it is removed meanwhile. */
function writtenAt(path: string, now: number): number {
  const timeOf = (of: string) => statSync(of, { throwIfNoEntry: false })?.mtimeMs ?? now;
  try {
    const files = statSync(path).isDirectory() ? readdirSync(path) : [];
    return Math.max(timeOf(path), ...files.map((name) => timeOf(join(path, name))));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return now;
    throw error;
  }
}

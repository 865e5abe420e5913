import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceComparison } from '../../src/destination/comparer.ts';
import { KEY_DIGEST_FORM } from '../../src/destination/row-form.ts';
import { hasCode } from '../../src/file-failure.ts';
import type { KeyDigest } from '../../src/snapshot/row.ts';
import { RowSpool } from '../scan/row-spool.ts';

/**
 * Keys and digests that are brought into a comparison at once: 9 MB or so. BigQuery takes 1,500 loads into a table a day,
 * which is enough for hundreds of millions of items.
 * Source: <https://docs.cloud.google.com/bigquery/quotas#load_jobs>
 */
const LOAD_ROWS = 100_000;

/** What a killed process left is removed by another one, once nothing was written to it for so long. */
const ORPHAN_AGE_MS = 24 * 60 * 60 * 1000;

export type KeyLoaderOptions = {
  readonly comparison: Pick<SourceComparison, 'add'>;
  /** A directory for what was read and isn't loaded; several may use it. */
  readonly spool: string;
  /** Names what is this one's in it: unique. */
  readonly id: string;
  readonly now: number;
  readonly loadRows?: number;
};

/**
 * Brings what a scan reads into a comparison, in loads of a size that any destination takes with little memory.
 *
 * Rows wait for their load in a file, one for each load that is under way. Disposing of it removes them.
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
   * Takes the rows of a page. Where it makes a load full, it resolves when that counts: so a scan has no more than one load
   * for each segment waiting.
   */
  async take(rows: Iterable<KeyDigest>): Promise<void> {
    for (const row of rows) this.#open.add(row);
    if (this.#open.count >= this.#loadRows) await this.flush();
  }

  /** Resolves when all that was taken counts, or is on its way in a call of {@link take}. */
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

/** When something was last written to a directory or one of its files; `now` if it goes meanwhile. */
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

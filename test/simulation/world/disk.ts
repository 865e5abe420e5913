import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The disk of a history's operator: real files, removed with the history. */
export class Disk implements Disposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'tailrace-history-'));

  /** A path of that name. It creates nothing there. */
  folder(name: string): string {
    return join(this.#root, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The disk of whoever runs commands in a history: real files, which go with the history. */
export class Disk implements Disposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'tailrace-history-'));

  /** A path of that name; nothing is made there. */
  folder(name: string): string {
    return join(this.#root, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

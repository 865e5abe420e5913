import { mkdir, open, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { TailraceError } from '../errors.ts';
import type { DeadLetter, DeadLetters } from './dead-letter.ts';
import { deadLetterName } from './dead-letter-name.ts';

/** Keeps each dead letter as a JSON file of its own in one directory, which is created with the first of them. */
export class DeadLetterDirectory implements DeadLetters {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Writes the letter by rename, synced to disk, under a name that its record decides: set aside again, it replaces
   * its earlier letter.
   *
   * @throws {TailraceError} `dead-letter-failed` if the file could not be written.
   */
  async put(letter: DeadLetter): Promise<void> {
    const path = join(this.#directory, deadLetterName(letter));
    try {
      await mkdir(this.#directory, { recursive: true });
      const partial = `${path}.partial`;
      await writeDurably(partial, `${JSON.stringify(letter, null, 2)}\n`);
      await rename(partial, path);
      await sync(this.#directory);
    } catch (cause) {
      throw new TailraceError('dead-letter-failed', `No dead letter could be written to ${this.#directory}`, {
        context: { table: letter.table, sequence_number: letter.sequence_number },
        cause,
      });
    }
  }

  /** How many letters there are. None if there is no such directory. */
  async count(): Promise<number> {
    const names = await readdir(this.#directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names.filter((name) => name.endsWith('.json')).length;
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(text);
  await file.sync();
}

async function sync(directory: string): Promise<void> {
  await using handle = await open(directory, 'r');
  await handle.sync();
}

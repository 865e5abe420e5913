import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurablyAmongOthers } from '../durable-file.ts';
import { TailraceError } from '../errors.ts';
import { fileFailure, unlessMissing } from '../file-failure.ts';
import type { DeadLetter, DeadLetterStore } from './dead-letter.ts';
import { deadLetterName, fileNameOf, idOf } from './dead-letter-name.ts';

/** Stores each dead letter as a JSON file of its own in one directory, which is created with the first letter. */
export class DeadLetterDirectory implements DeadLetterStore {
  readonly name: string;

  constructor(directory: string) {
    this.name = directory;
  }

  /**
   * Writes the letter by rename, synced to disk, under a name that its record decides: a record that is set aside again, even
   * by several processes at once, has one letter.
   *
   * @throws {TailraceError} `dead-letter-failed` if the file could not be written.
   */
  async put(letter: DeadLetter): Promise<void> {
    try {
      await writeDurablyAmongOthers(join(this.name, deadLetterName(letter)), `${JSON.stringify(letter, null, 2)}\n`);
    } catch (cause) {
      throw new TailraceError(
        'dead-letter-failed',
        `No dead letter could be written to ${this.name}: ${fileFailure(cause).reason}`,
        {
          context: { table: letter.table, sequence_number: letter.sequence_number },
          cause,
        },
      );
    }
  }

  /** How many letters there are; 0 without the directory. */
  async count(): Promise<number> {
    return (await this.list()).length;
  }

  /** Every letter, of any table. */
  list(): Promise<readonly string[]> {
    return this.#attempt('listed', async () => {
      const names = (await unlessMissing(readdir(this.name))) ?? [];
      return names.flatMap((name) => idOf(name) ?? []).sort();
    });
  }

  read(_table: string, id: string): Promise<Uint8Array | undefined> {
    return this.#attempt('read', () => unlessMissing(readFile(this.#pathOf(id))));
  }

  /** Removes the letter: its record is in the destination. */
  archive(table: string, id: string): Promise<void> {
    return this.remove(table, id);
  }

  remove(_table: string, id: string): Promise<void> {
    return this.#attempt('removed', () => rm(this.#pathOf(id), { force: true }));
  }

  #pathOf(id: string): string {
    return join(this.name, fileNameOf(id));
  }

  async #attempt<T>(done: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      const { reason } = fileFailure(cause);
      throw new TailraceError('dead-letter-failed', `Dead letters in ${this.name} can't be ${done}: ${reason}`, {
        context: { directory: this.name },
        cause,
      });
    }
  }
}

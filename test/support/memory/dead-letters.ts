import type { DeadLetter, DeadLetterStore, DeadLetters } from '../../../src/delivery/dead-letter.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { OneOf } from '../faults.ts';
import { diagnostic } from '../vitest/diagnostics.ts';

/** Dead letters in memory. */
export class MemoryDeadLetters implements DeadLetters {
  readonly letters: DeadLetter[] = [];
  /** How every further put goes wrong. */
  fault: OneOf<'none' | 'refuse'> = 'none';

  async put(letter: DeadLetter): Promise<void> {
    if (this.fault === 'refuse') throw new Error('Injected: no space left');
    this.letters.push(letter);
    diagnostic(letter.reason);
  }
}

/** A store of dead letters in memory, by id, of any table. It lists what is archived and removed, in order. */
export class MemoryLetters implements DeadLetterStore {
  readonly name = 'memory';
  readonly texts: Map<string, string>;
  readonly archived: string[] = [];
  readonly removed: string[] = [];

  constructor(letters: Readonly<Record<string, DeadLetter | string>>) {
    this.texts = new Map(
      Object.entries(letters).map(([id, letter]) => [id, typeof letter === 'string' ? letter : JSON.stringify(letter)]),
    );
  }

  async put(): Promise<void> {
    throw new TailraceError('dead-letter-failed', 'Nothing was expected to be set aside here');
  }

  async list(): Promise<readonly string[]> {
    return [...this.texts.keys()];
  }

  async read(_table: string, id: string): Promise<Uint8Array | undefined> {
    const text = this.texts.get(id);
    return text === undefined ? undefined : Buffer.from(text);
  }

  async archive(_table: string, id: string): Promise<void> {
    this.archived.push(id);
    this.texts.delete(id);
  }

  async remove(_table: string, id: string): Promise<void> {
    this.removed.push(id);
    this.texts.delete(id);
  }
}

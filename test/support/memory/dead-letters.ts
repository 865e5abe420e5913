import type { DeadLetter, DeadLetters } from '../../../src/delivery/dead-letter.ts';
import { diagnostic } from '../vitest/diagnostics.ts';

/** Dead letters in memory. `full` makes every further one fail. */
export class MemoryDeadLetters implements DeadLetters {
  readonly letters: DeadLetter[] = [];
  full = false;

  async put(letter: DeadLetter): Promise<void> {
    if (this.full) throw new Error('Injected: no space left');
    this.letters.push(letter);
    diagnostic(letter.reason);
  }
}

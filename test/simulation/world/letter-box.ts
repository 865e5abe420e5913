import type { DeadLetter, DeadLetters } from '../../../src/delivery/dead-letter.ts';
import { deadLetterName } from '../../../src/delivery/dead-letter-name.ts';
import { isObject } from '../../../src/value/is-object.ts';
import type { Story } from '../history/story.ts';
import { type Change, changeIdOf } from './change.ts';
import type { Faults } from './faults.ts';
import type { Process } from './process.ts';
import type { Scheduler } from './scheduler.ts';

/** Where dead letters are kept, as the text that they are written as. */
export class LetterBox {
  readonly letters = new Map<string, string>();
  readonly #changes: readonly Change[];
  readonly #faults: Faults;
  readonly #story: Story;
  readonly #scheduler: Scheduler;

  constructor(parts: {
    readonly changes: readonly Change[];
    readonly faults: Faults;
    readonly story: Story;
    readonly scheduler: Scheduler;
  }) {
    this.#changes = parts.changes;
    this.#faults = parts.faults;
    this.#story = parts.story;
    this.#scheduler = parts.scheduler;
  }

  /** The box as one process reaches it. */
  reachedBy(process: Process): DeadLetters {
    return { put: (letter) => process.reach(async () => this.#put(letter, process.name)) };
  }

  /** Takes a letter out. */
  remove(name: string): void {
    this.letters.delete(name);
  }

  #put(letter: DeadLetter, who: string): void {
    if (this.#scheduler.now() < this.#faults.lettersFullUntil) {
      this.#story.trouble('dead letter not kept', 'dead letters', `takes none of ${who}`);
      throw new Error('Injected: no space left');
    }
    this.letters.set(deadLetterName(letter), JSON.stringify(letter));
    const change = this.#changes[changeIdOf(isObject(letter.record) ? letter.record['eventID'] : undefined)];
    if (change) change.isLettered = true;
    this.#story.trouble('dead letter', 'dead letters', `keeps ${change ? `change ${change.id}` : 'an item'} of ${who}`);
  }
}

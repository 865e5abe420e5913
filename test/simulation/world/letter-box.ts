import type { DeadLetter, DeadLetterStore } from '../../../src/delivery/dead-letter.ts';
import { deadLetterName } from '../../../src/delivery/dead-letter-name.ts';
import { TailraceError } from '../../../src/errors.ts';
import { isObject } from '../../../src/value/is-object.ts';
import type { Story } from '../history/story.ts';
import { type Change, changeIdOf, isReadable, keyOf } from './change.ts';
import type { Faults } from './faults.ts';
import type { Process } from './process.ts';

/** The store of dead letters, as the texts in which they are written. */
export class LetterBox {
  readonly letters = new Map<string, string>();
  readonly #changes: readonly Change[];
  readonly #faults: Faults;
  readonly #story: Story;
  readonly #violate: (what: string) => void;

  constructor(parts: {
    readonly changes: readonly Change[];
    readonly faults: Faults;
    readonly story: Story;
    readonly violate: (what: string) => void;
  }) {
    this.#changes = parts.changes;
    this.#faults = parts.faults;
    this.#story = parts.story;
    this.#violate = parts.violate;
  }

  /** The store as one process uses it. */
  reachedBy(process: Process): DeadLetterStore {
    const remove = (_table: string, id: string) => process.reach(async () => void this.letters.delete(id));
    return {
      name: 's3://failures',
      put: (letter) => process.reach(async () => this.#put(letter, process.name)),
      list: () => process.reach(async () => [...this.letters.keys()].sort()),
      read: (_table, id) =>
        process.reach(async () => {
          const text = this.letters.get(id);
          return text === undefined ? undefined : Buffer.from(text);
        }),
      archive: remove,
      remove,
    };
  }

  /** A record may be set aside for its content, never because something is unavailable. */
  #mark(change: Change, who: string): void {
    change.isDeadLettered = true;
    const isRejected = this.#faults.everRejected.has(keyOf(change.name));
    if (isRejected || !isReadable(change.before) || !isReadable(change.after)) return;
    this.#violate(`${who} sets change ${change.id} aside, and nothing is wrong with it`);
  }

  #put(letter: DeadLetter, who: string): void {
    if (this.#faults.lasts('dead letters', 'refuse')) {
      this.#story.trouble('dead letter not stored', 'dead letters', `refuse a letter of ${who}`);
      throw new TailraceError('dead-letter-failed', 'Injected: no space left');
    }
    this.letters.set(deadLetterName(letter), JSON.stringify(letter));
    const change = this.#changes[changeIdOf(isObject(letter.record) ? letter.record['eventID'] : undefined)];
    if (change) this.#mark(change, who);
    this.#story.trouble('dead letter', 'dead letters', `store ${change ? `change ${change.id}` : 'an item'} of ${who}`);
  }
}

import type { Clock } from '../clock.ts';

const EVERY_MS = 500;

/** Slight changes are saved with others, or by themselves once the last save is this old. */
const SLIGHT_EVERY_MS = 5_000;

/** Saves a state that changes: twice a second at most, and one save after the other. */
export class CheckpointSaver {
  readonly #saveNow: () => Promise<void>;
  readonly #clock: Clock;
  #changed = false;
  #savedAt = Number.NEGATIVE_INFINITY;
  #saving: Promise<void> = Promise.resolve();
  /** Resolves at a change, or at the end. */
  #wake = Promise.withResolvers<void>();

  /** @param saveNow Saves the state at the moment of the call. */
  constructor(saveNow: () => Promise<void>, clock: Clock) {
    this.#saveNow = saveNow;
    this.#clock = clock;
  }

  /** The state has changed: it is saved soon. */
  changed(): void {
    this.#changed = true;
    this.#wake.resolve();
  }

  /** The state has changed in a way that can wait for seconds, such as when the stream was last described. */
  changedSlightly(): void {
    if (this.#clock.now() - this.#savedAt >= SLIGHT_EVERY_MS) this.changed();
  }

  /** Resolves when all changes so far are saved. Once a save has failed, rejects as that save did. */
  save(): Promise<void> {
    if (this.#changed) {
      this.#changed = false;
      this.#savedAt = this.#clock.now();
      this.#saving = this.#saving.then(this.#saveNow);
    }
    return this.#saving;
  }

  /** Saves until the signal comes; the caller saves once more after that. */
  async run(signal: AbortSignal): Promise<void> {
    const end = () => this.#wake.resolve();
    signal.addEventListener('abort', end, { once: true });
    while (!signal.aborted) {
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
      await this.save();
      await this.#clock.sleep(EVERY_MS, signal);
    }
    signal.removeEventListener('abort', end);
  }
}

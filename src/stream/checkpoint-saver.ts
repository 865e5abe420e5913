import type { Clock } from '../clock.ts';

const EVERY_MS = 500;

/** What matters only to one who has been away for long waits so long for something else to be saved with. */
const SLIGHT_EVERY_MS = 60_000;

/** Saves what changes, twice a second at most and one save after the other. */
export class CheckpointSaver {
  readonly #saveNow: () => Promise<void>;
  readonly #clock: Clock;
  #changed = false;
  #savedAt = Number.NEGATIVE_INFINITY;
  #saving: Promise<void> = Promise.resolve();
  /** Resolves when there is something to do: a change, or the end. */
  #news = Promise.withResolvers<void>();

  /** @param saveNow Saves the state at the moment of the call. */
  constructor(saveNow: () => Promise<void>, clock: Clock) {
    this.#saveNow = saveNow;
    this.#clock = clock;
  }

  /** Says that there is something new to save. */
  changed(): void {
    this.#changed = true;
    this.#news.resolve();
  }

  /** Says that there is something new that can wait for a minute: when the stream was last described. */
  changedSlightly(): void {
    if (this.#clock.now() - this.#savedAt >= SLIGHT_EVERY_MS) this.changed();
  }

  /** Resolves when everything so far is saved. Once a save has failed, rejects as that one did. */
  save(): Promise<void> {
    if (this.#changed) {
      this.#changed = false;
      this.#savedAt = this.#clock.now();
      this.#saving = this.#saving.then(this.#saveNow);
    }
    return this.#saving;
  }

  /** Goes on until the signal comes; the caller saves once more behind it. */
  async run(signal: AbortSignal): Promise<void> {
    const end = () => this.#news.resolve();
    signal.addEventListener('abort', end, { once: true });
    while (!signal.aborted) {
      await this.#news.promise;
      this.#news = Promise.withResolvers();
      await this.save();
      await this.#clock.sleep(EVERY_MS, signal);
    }
    signal.removeEventListener('abort', end);
  }
}

import type { Clock } from '../clock.ts';

const EVERY_MS = 500;

/** Saves what changes, twice a second at most and one save after the other. */
export class CheckpointSaver {
  readonly #saveNow: () => Promise<void>;
  readonly #clock: Clock;
  #changed = false;
  #saving: Promise<void> = Promise.resolve();

  /** @param saveNow Saves the state at the moment of the call. */
  constructor(saveNow: () => Promise<void>, clock: Clock) {
    this.#saveNow = saveNow;
    this.#clock = clock;
  }

  /** Says that there is something new to save. */
  changed(): void {
    this.#changed = true;
  }

  /** Resolves when everything so far is saved. Once a save has failed, rejects as that one did. */
  save(): Promise<void> {
    if (this.#changed) {
      this.#changed = false;
      this.#saving = this.#saving.then(this.#saveNow);
    }
    return this.#saving;
  }

  /** Goes on until the signal comes; the caller saves once more behind it. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.save();
      await this.#clock.sleep(EVERY_MS, signal);
    }
  }
}

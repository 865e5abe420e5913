import { VirtualClock } from '../../support/clock/virtual-clock.ts';

/**
 * Time that never passes while a database works.
 *
 * The database answers from its own threads at any moment. So its work is done one after the other, and time stands still
 * meanwhile: what happens next never depends on the speed of the machine.
 */
export class Scheduler extends VirtualClock {
  #turns: Promise<unknown> = Promise.resolve();
  #working = 0;

  /** Does real work, in its turn, with time standing still. */
  async work<T>(turn: () => Promise<T>): Promise<T> {
    this.#working++;
    const taken = this.#turns.then(turn);
    this.#turns = taken.catch(() => {});
    try {
      return await taken;
    } finally {
      this.#working--;
    }
  }

  protected override async quiet(): Promise<void> {
    do {
      await this.#turns;
      await super.quiet();
    } while (this.#working > 0);
  }
}

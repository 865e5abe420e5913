import type { Clock } from '../../../src/clock.ts';

/** Machines whose clocks may be wrong: the operators', and the one that has the file of a DuckDB destination. */
export type Machine = 'operator' | 'file';

/** The clocks of machines. People and time servers set them, ahead or back. */
export class MachineClocks {
  readonly #clock: Clock;
  /** By how much each is always ahead of DynamoDB's and BigQuery's, in milliseconds. */
  readonly #skew: Readonly<Record<Machine, number>>;
  readonly #set = { operator: 0, file: 0 };

  constructor(clock: Clock, skew: Readonly<Record<Machine, number>>) {
    this.#clock = clock;
    this.#skew = skew;
  }

  /** By how much a machine's clock is ahead now, in milliseconds. */
  ahead(machine: Machine): number {
    return this.#skew[machine] + this.#set[machine];
  }

  /** Sets a clock ahead of what it would be, or back. */
  set(machine: Machine, ms: number): void {
    this.#set[machine] = ms;
  }

  /** Sets all of them right, but for what they are always off by. */
  heal(): void {
    this.set('operator', 0);
    this.set('file', 0);
  }

  /** A machine's clock. */
  of(machine: Machine): Clock {
    return {
      now: () => this.#clock.now() + this.ahead(machine),
      sleep: (ms, signal) => this.#clock.sleep(ms, signal),
    };
  }
}

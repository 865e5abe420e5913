import type { Clock } from '../../../src/clock.ts';
import type { Log, LogFields } from '../../../src/log.ts';
import type { Trouble } from './troubles.ts';

/** What happens in a history, a line each: when, who, what. It also collects the troubles that are met. */
export class Story {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #began: number;
  readonly #lines: string[] = [];
  readonly #kinds = new Set<Trouble>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#began = clock.now();
  }

  /** The troubles that were met. */
  get kinds(): ReadonlySet<Trouble> {
    return this.#kinds;
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  tell(who: string, what: string): void {
    this.#lines.push(`${elapsed(this.#clock.now() - this.#began)}  ${who.padEnd(14)}  ${what}`);
  }

  /** Tells of a trouble, and counts it as met. */
  trouble(kind: Trouble, who: string, what: string): void {
    this.#kinds.add(kind);
    this.tell(who, what);
  }

  /** A log whose lines become lines of the story. */
  logOf(who: string): Log {
    const line = (message: string, fields: LogFields = {}) => {
      const shown = Object.entries(fields).filter(([name, value]) => name !== 'table' && value !== null);
      this.tell(who, [message, ...shown.map(([name, value]) => `${name}=${value}`)].join(' '));
    };
    return { info: line, warn: line, error: line };
  }
}

/** Days, hours, minutes and seconds since the beginning: `0d 00:05:12.250`. */
function elapsed(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  return `${days}d ${new Date(ms % 86_400_000).toISOString().slice(11, 23)}`;
}

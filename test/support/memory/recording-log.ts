import type { Log, LogFields } from '../../../src/log.ts';
import { diagnostic } from '../vitest/diagnostics.ts';

export type LogLine = { readonly level: string; readonly message: string; readonly fields: LogFields };

/** A log that records every line. */
export class RecordingLog implements Log {
  readonly lines: LogLine[] = [];
  info = (message: string, fields: LogFields = {}) => this.#add('info', message, fields);
  warn = (message: string, fields: LogFields = {}) => this.#add('warn', message, fields);
  error = (message: string, fields: LogFields = {}) => this.#add('error', message, fields);

  #add(level: string, message: string, fields: LogFields): void {
    this.lines.push({ level, message, fields });
    diagnostic(JSON.stringify({ message, fields }));
  }
}

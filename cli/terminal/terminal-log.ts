import type { Log, LogFields } from '../../src/log.ts';
import type { Output } from './output.ts';

/** Shows warnings and errors of what runs below a command as lines on stderr; the rest of the log is for machines. */
export function terminalLog(output: Output): Log {
  const tell = (message: string, fields: LogFields = {}) => {
    const parts = Object.entries(fields).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [`${name.replaceAll('_', ' ')} ${value}`],
    );
    output.warn(parts.length === 0 ? message : `${message} (${parts.join(', ')})`);
  };
  return { info() {}, warn: tell, error: tell };
}

import type { Log, LogFields } from '../../src/log.ts';
import type { Output } from './output.ts';

/** So many lines of one message say what there is to say. */
const MAX_LINES = 20;

/** Shows warnings and errors of what runs below a command as lines on stderr; the rest of the log is for machines. */
export function terminalLog(output: Output): Log {
  const lines = new Map<string, number>();
  const tell = (message: string, fields: LogFields = {}) => {
    const line = (lines.get(message) ?? 0) + 1;
    lines.set(message, line);
    if (line === MAX_LINES + 1) output.warn(`${message}: more of these are not shown`);
    if (line > MAX_LINES) return;
    const parts = Object.entries(fields).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [`${name.replaceAll('_', ' ')} ${value}`],
    );
    output.warn(parts.length === 0 ? message : `${message} (${parts.join(', ')})`);
  };
  return { info() {}, warn: tell, error: tell };
}

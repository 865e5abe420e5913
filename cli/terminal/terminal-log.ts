import type { Log, LogFields } from '../../src/log.ts';
import type { Output } from './output.ts';

/** More lines with the same message would add nothing. */
const MAX_LINES = 20;

/** A log whose warnings and errors become lines on stderr; its other entries are for machines, and dropped. */
export function terminalLog(output: Output): Log {
  const lines = new Map<string, number>();
  const show = (message: string, fields: LogFields = {}) => {
    const line = (lines.get(message) ?? 0) + 1;
    lines.set(message, line);
    if (line === MAX_LINES + 1) output.warn(`${message}: further lines like this are not shown`);
    if (line > MAX_LINES) return;
    const parts = Object.entries(fields).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [`${name.replaceAll('_', ' ')} ${value}`],
    );
    output.warn(parts.length === 0 ? message : `${message} (${parts.join(', ')})`);
  };
  return { info() {}, warn: show, error: show };
}

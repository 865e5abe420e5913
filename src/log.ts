/** Fields of a log line: names, counts, positions. Never an attribute value. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where diagnostics go. A message is a lower-case phrase; what varies stands in the fields. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Drops everything. */
export const silentLog: Log = { info() {}, warn() {}, error() {} };

/** One JSON object a line, as CloudWatch Logs Insights reads it. `write` takes the line without its end. */
export function jsonLog(write: (line: string) => void, base: LogFields = {}): Log {
  const at = (level: string) => (message: string, fields?: LogFields) =>
    write(JSON.stringify({ level, message, ...base, ...fields }));
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

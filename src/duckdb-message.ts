/**
 * Classes of DuckDB's errors whose text names files, tables, columns and the statement, but never what a row holds.
 * The text of the others (`Conversion Error: Could not convert string '…'`) may quote a row, and is never passed on.
 */
const SAFE_CLASSES = new Set([
  'Binder Error',
  'Catalog Error',
  'IO Error',
  'Out of Memory Error',
  'Parser Error',
  'Permission Error',
  'Serialization Error',
  'TransactionContext Error',
]);

/** The part of a DuckDB error that may be shown: its first line, or only its class where the rest may quote a row. */
export function shownText(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n', 1);
  const name = classOf(error);
  return SAFE_CLASSES.has(name) ? line : name;
}

/** The class DuckDB's messages begin with, such as `Catalog Error`. */
export function classOf(error: unknown): string {
  return /^[A-Za-z ]+ Error(?=:)/.exec(messageOf(error))?.[0] ?? 'Error';
}

/** What an error says. It may quote a row. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

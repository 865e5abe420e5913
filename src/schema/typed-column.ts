import { digestOf } from '../value/digest.ts';
import { isObject } from '../value/is-object.ts';
import { COLUMN_TYPES } from './column-type.ts';
import type { SchemaColumn } from './schema.ts';

/**
 * A typed column of snapshots and of the state: one for each definition in force. Two views with the same definition
 * share it.
 */
export type TypedColumn = Pick<SchemaColumn, 'type' | 'path' | 'cluster'> & {
  /** `<name>_<8 hexadecimal digits>`, of the definition's digest: another definition has another name. */
  readonly name: string;
};

/** To be raised when a cast gives another value for the same text, so that snapshots made before aren't read by it. */
const CASTS_VERSION = 1;

/** BigQuery's names of columns have 300 characters at most; the digest and a low line take 9. */
const MAX_NAME = 291;

/** The typed column that a schema's column reads. */
export function typedColumn({ name, type, path, cluster }: SchemaColumn): TypedColumn {
  const definition = JSON.stringify([CASTS_VERSION, type, COLUMN_TYPES[type].pattern, path]);
  return { name: `${name.slice(0, MAX_NAME)}_${digestOf(definition).slice(0, 8)}`, type, path, cluster };
}

/** The typed columns of some views, each once. Snapshots are clustered by one if any of its views asks for it. */
export function typedColumns(columns: readonly SchemaColumn[]): readonly TypedColumn[] {
  const byName = Map.groupBy(columns.map(typedColumn), ({ name }) => name.toLowerCase());
  return [...byName.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, cluster: [first, ...others].some(({ cluster }) => cluster) }] : [],
  );
}

/** Reads typed columns out of JSON; `undefined` if it isn't a list of them. */
export function readTypedColumns(json: unknown): readonly TypedColumn[] | undefined {
  return Array.isArray(json) && json.every(isTypedColumn) ? json : undefined;
}

function isTypedColumn(json: unknown): json is TypedColumn {
  if (!isObject(json)) return false;
  const { name, type, path, cluster } = json;
  return (
    typeof name === 'string' &&
    typeof cluster === 'boolean' &&
    typeof type === 'string' &&
    Object.hasOwn(COLUMN_TYPES, type) &&
    Array.isArray(path) &&
    path.every((step) => typeof step === 'string' || Number.isSafeInteger(step))
  );
}

import { COLUMN_TYPES, type SchemaType } from './column-type.ts';

/** A table has at most four cluster columns, and a snapshot's first is `key`. */
export const MAX_CLUSTER_COLUMNS = 3;

/**
 * Whether a table can be clustered by a column of each type.
 * Source: <https://docs.cloud.google.com/bigquery/docs/creating-clustered-tables#limitations>
 */
const CAN_CLUSTER: Readonly<Record<SchemaType, boolean>> = {
  STRING: true,
  INT64: true,
  FLOAT64: false,
  NUMERIC: true,
  BIGNUMERIC: true,
  BOOL: true,
  TIMESTAMP: true,
  DATE: true,
  DATETIME: true,
  TIME: false,
  BYTES: false,
  JSON: false,
};

/** The types by which a snapshot can be clustered. */
export const CLUSTER_TYPES = (Object.keys(COLUMN_TYPES) as SchemaType[]).filter((type) => CAN_CLUSTER[type]);

/** The cluster columns by which no snapshot can be clustered, by their index, and why. A type that is unknown passes. */
export function clusterProblems(
  columns: readonly { readonly type: string; readonly cluster: boolean }[],
): readonly { readonly index: number; readonly problem: string }[] {
  const chosen = [...columns.entries()].filter(([, { cluster }]) => cluster);
  const isKnown = (type: string): type is SchemaType => Object.hasOwn(CAN_CLUSTER, type);
  const unfit = chosen.flatMap(([index, { type }]) =>
    isKnown(type) && !CAN_CLUSTER[type]
      ? { index, problem: `a table can't be clustered by ${type}, only by ${CLUSTER_TYPES.join(', ')}` }
      : [],
  );
  const beyond = chosen.slice(MAX_CLUSTER_COLUMNS).map(([index]) => ({
    index,
    problem: `at most ${MAX_CLUSTER_COLUMNS} columns can be cluster columns, beside the key`,
  }));
  return [...unfit, ...beyond];
}

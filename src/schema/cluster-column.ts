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

/** Whether a snapshot can be clustered by a column of a type. */
export function canCluster(type: SchemaType): boolean {
  return CAN_CLUSTER[type];
}

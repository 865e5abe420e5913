import type { ObjectNames } from '../names/object-names.ts';
import type { Dialect } from './dialect.ts';

/** How many rows of a changelog were ingested before a time, as `rows`. One column of their partitions is read. */
export function oldRowCount(dialect: Dialect, names: ObjectNames, before: number): string {
  return [`SELECT COUNT(*) AS ${dialect.identifier('rows')}`, ...oldRows(dialect, names, before)].join('\n');
}

/** Statement that deletes the rows of a changelog that were ingested before a time. */
export function deleteOldRows(dialect: Dialect, names: ObjectNames, before: number): string {
  const [from, where] = oldRows(dialect, names, before);
  return `DELETE ${from}\n${where}`;
}

function oldRows(dialect: Dialect, names: ObjectNames, before: number): readonly [from: string, where: string] {
  return [
    `FROM ${dialect.table(names.changelog)}`,
    `WHERE ${dialect.identifier('ingested_at')} < ${dialect.timestamp(before)}`,
  ];
}

import type { ViewText } from './view-store.ts';

/** Whether two views have the same statement, and the same columns with the same descriptions. */
export function isSameView(one: ViewText, other: ViewText): boolean {
  return one.sql === other.sql && JSON.stringify(one.columns) === JSON.stringify(other.columns);
}

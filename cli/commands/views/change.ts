import { diffLines } from 'diff';
import type { AppliedView, ViewText } from '../../../src/destination/view-store.ts';

/** How a column of a view changes. */
export type ColumnChange = {
  readonly column: string;
  readonly change: 'added' | 'removed' | 'retyped' | 'described';
  /** `null` where there is none. */
  readonly before: string | null;
  readonly after: string | null;
};

type Column = ViewText['columns'][number];

/** How the columns of a view that was there change; none of a new view, all of whose columns are. */
export function columnChanges({ before, after }: AppliedView): readonly ColumnChange[] {
  if (before === null || after === null) return [];
  const was = byName(before.columns);
  const is = byName(after.columns);
  const removed = before.columns.filter(({ name }) => !is.has(name.toLowerCase()));
  return [
    ...removed.map(
      (column): ColumnChange => ({
        column: column.name,
        change: 'removed',
        before: column.type,
        after: null,
      }),
    ),
    ...after.columns.flatMap((column) => changeOf(was.get(column.name.toLowerCase()), column)),
  ];
}

/** A column's change as a line: `+ total NUMERIC`. */
export function columnLine({ column, change, before, after }: ColumnChange): string {
  switch (change) {
    case 'added':
      return `+ ${column} ${after}`;
    case 'removed':
      return `- ${column} ${before}`;
    case 'retyped':
      return `~ ${column} ${before} → ${after}`;
    case 'described':
      return `~ ${column}: another description`;
  }
}

/** The lines by which a view's statement changes, with `+` and `-`; a new one is shown whole. */
export function statementDiff({ before, after, action }: AppliedView): readonly string[] {
  if (action === 'unchanged') return [];
  return diffLines(ended(before?.sql ?? ''), ended(after?.sql ?? '')).flatMap(({ value, added, removed }) => {
    if (!added && !removed && before !== null && after !== null) return [];
    return value
      .split('\n')
      .slice(0, -1)
      .map((line) => `${added ? '+' : removed ? '-' : ' '} ${line}`);
  });
}

function changeOf(was: Column | undefined, { name, type, description }: Column): readonly ColumnChange[] {
  if (was === undefined) return [{ column: name, change: 'added', before: null, after: type }];
  if (was.type !== type) return [{ column: name, change: 'retyped', before: was.type, after: type }];
  if (was.description !== description) {
    return [{ column: name, change: 'described', before: was.description, after: description }];
  }
  return [];
}

function byName(columns: readonly Column[]): ReadonlyMap<string, Column> {
  return new Map(columns.map((column) => [column.name.toLowerCase(), column]));
}

function ended(sql: string): string {
  return sql === '' ? '' : `${sql.replace(/;?\n*$/, '')}\n`;
}

import type { ObjectNames } from '../names/object-names.ts';
import { elementColumn, elementsColumn, testColumn, typedColumn } from '../schema/typed-column.ts';
import { ownColumns, type TypedView } from '../schema/typed-view.ts';
import { type Dialect, type ElementColumn, whereLines } from './dialect.ts';

/**
 * The SELECT of a typed view: the declared columns, and those that every view has. It changes with the schema alone.
 *
 * A view of a list's elements takes its rows from the records of the state, so that no other view is multiplied by lists.
 */
export function typedSelect(dialect: Dialect, names: ObjectNames, view: TypedView): string {
  const q = dialect.identifier;
  const conditions = (view.where ?? []).map((condition) => q(testColumn(condition).name));
  const elements = elementsColumn(view);
  if (elements !== undefined) {
    return dialect.selectElements(dialect.table(names.state), q(elements.name), elementColumns(view), conditions);
  }
  const columns = [
    ...view.columns.map((column) => `${q(typedColumn(column).name)} AS ${q(column.name)}`),
    ...ownColumns(view).map(q),
  ];
  return [
    `SELECT`,
    columns.map((column) => `  ${column}`).join(',\n'),
    `FROM ${dialect.table(names.state)}`,
    ...whereLines(conditions),
  ].join('\n');
}

function elementColumns(view: TypedView): readonly ElementColumn[] {
  const declared = view.columns.map((column): ElementColumn => {
    const ofRecord = elementColumn(view, column);
    return ofRecord === undefined
      ? { name: column.name, of: 'item', column: typedColumn(column).name }
      : { name: column.name, of: 'record', column: ofRecord.name };
  });
  const own = ownColumns(view).map(
    (name): ElementColumn => (name === 'index' ? { name, of: 'place' } : { name, of: 'item', column: name }),
  );
  return [...declared, ...own];
}

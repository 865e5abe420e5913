import type { TypedColumn } from '../schema/typed-column.ts';
import { below, readOf, sourcePath, stepsBelow, stepsToDocument } from './column-texts.ts';
import type { Dialect } from './dialect.ts';
import type { NamedExpression } from './select-lines.ts';

/** Column with the values of an item that typed columns are made of. No typed column has this name: theirs end in a digest. */
const PARSED = 'parsed';

/** How typed columns are read from an item, in SELECTs one around the other, each of which is called `read` by the next. */
export type ReadingPlan = {
  /** What each SELECT adds, the innermost first; it may add nothing. Only the first names the item. */
  readonly layers: readonly (readonly NamedExpression[])[];
  /** What a column takes of the item, over the last SELECT. */
  readonly textOf: (column: TypedColumn) => string;
};

/**
 * Plans how typed columns are read: nothing that takes much is written twice, since a warehouse may do it as often. Where
 * JSON is text, an item is parsed once for all columns; so is each text that is JSON, in every warehouse.
 *
 * @param item Expression of the item's JSON.
 */
export function readingPlan(dialect: Dialect, columns: readonly TypedColumn[], item: string): ReadingPlan {
  const read = (name: string) => `${dialect.identifier('read')}.${dialect.identifier(name)}`;
  const list = dialect.jsonList(item, columns.map(sourcePath));
  const sourceOf = (column: TypedColumn) =>
    list === null ? dialect.jsonAt(item, sourcePath(column)) : `${read(PARSED)}[${columns.indexOf(column) + 1}]`;
  const documents = new Map<string, NamedExpression>();
  for (const column of columns) {
    const [path, steps] = [documentPath(column), stepsToDocument(column)];
    if (steps.length === 0 || documents.has(path)) continue;
    documents.set(path, { name: `document_${documents.size}`, expression: below(dialect, sourceOf(column), steps) });
  }
  const reading = (column: TypedColumn): NamedExpression => {
    const document = documents.get(documentPath(column));
    const left = stepsBelow(column).slice(stepsToDocument(column).length);
    const json = document === undefined ? sourceOf(column) : read(document.name);
    return { name: column.name, expression: readOf(dialect, column, json, left) };
  };
  const isOfDocument = (column: TypedColumn) => stepsToDocument(column).length > 0;
  if (list === null) {
    const [ofDocuments, others] = [columns.filter(isOfDocument), columns.filter((column) => !isOfDocument(column))];
    return {
      layers: [[...documents.values(), ...others.map(reading)], ofDocuments.map(reading)],
      textOf: ({ name }) => read(name),
    };
  }
  const costly = columns.filter((column) => isOfDocument(column) || column.split !== undefined);
  return {
    layers: [[{ name: PARSED, expression: list }], [...documents.values()], costly.map(reading)],
    textOf: (column) => (costly.includes(column) ? read(column.name) : reading(column).expression),
  };
}

/** The whole path to the JSON in a text of which a column is read; that to the column's own JSON without one. */
function documentPath(column: TypedColumn): string {
  return JSON.stringify([...sourcePath(column), ...stepsToDocument(column)]);
}

import { digestOf } from '../value/digest.ts';
import { aroundEach, isSamePath, type Path } from './path.ts';
import type { Condition, SchemaColumn } from './schema.ts';
import type { TypedView } from './typed-view.ts';
import { ruleOf } from './value-format.ts';

/** What a condition asks of the value at a column's path. */
export type Test =
  | { readonly equals: string | number | boolean }
  | { readonly prefix: string }
  | { readonly exists: boolean };

/**
 * A typed column of snapshots and of the state: one for each definition in force. Two views with the same definition
 * share it.
 */
export type TypedColumn = Pick<
  SchemaColumn,
  'type' | 'mode' | 'path' | 'format' | 'zone' | 'split' | 'policyTags' | 'cluster'
> & {
  /** `<name>_<8 hexadecimal digits>`, of the definition's digest: another definition has another name. */
  readonly name: string;
  /** Of a BOOL that isn't the value at the path, but whether it meets a condition. It is never NULL. */
  readonly test?: Test;
  /**
   * Of a list of records, one for each element of the list at the path, in order: the records' columns, whose paths begin at
   * the element. The type is then JSON's. It is never NULL.
   */
  readonly elements?: readonly TypedColumn[];
};

/** To be raised when a cast gives another value for the same text, so that snapshots made before aren't read by it. */
const CASTS_VERSION = 1;

/** BigQuery's names of columns have 300 characters at most; the digest and a low line take 9. */
const MAX_NAME = 291;

/** The typed column that a schema's column reads. */
export function typedColumn({ name, description, mode, ...column }: SchemaColumn): TypedColumn {
  return named(name, { ...column, ...(mode === 'REPEATED' && { mode }) });
}

/** The typed column that tells whether an item meets a condition. */
export function testColumn({ path, ...test }: Condition): TypedColumn {
  return named('is', { type: 'BOOL', path, cluster: false, test });
}

/** A view's column as a part of the records of its list; `undefined` if its value is the item's. */
export function elementColumn({ unnest = null }: TypedView, column: SchemaColumn): TypedColumn | undefined {
  const around = aroundEach(column.path);
  if (unnest === null || around === undefined || !isSamePath(around.list, unnest)) return undefined;
  return typedColumn({ ...column, path: around.below, cluster: false });
}

/** The typed column that has the records of a view's list. A view of no list has none. */
export function elementsColumn(view: TypedView): TypedColumn | undefined {
  const { unnest = null } = view;
  if (unnest === null) return undefined;
  const elements = distinct(view.columns.flatMap((column) => elementColumn(view, column) ?? []));
  return named(lastName(unnest), { type: 'JSON', path: unnest, cluster: false, elements });
}

/** The typed columns that some views read, each once. Snapshots are clustered by one if any of its views asks for it. */
export function columnsOfViews(views: readonly TypedView[]): readonly TypedColumn[] {
  return distinct(
    views.flatMap((view) => {
      const elements = elementsColumn(view);
      return [
        ...(view.where ?? []).map(testColumn),
        ...view.columns.filter((column) => elementColumn(view, column) === undefined).map(typedColumn),
        ...(elements === undefined ? [] : [elements]),
      ];
    }),
  );
}

function distinct(columns: readonly TypedColumn[]): readonly TypedColumn[] {
  const byName = Map.groupBy(columns, ({ name }) => name.toLowerCase());
  return [...byName.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const all = [first, ...others];
    const policyTags = all.find((column) => column.policyTags !== undefined)?.policyTags;
    return [{ ...first, ...(policyTags && { policyTags }), cluster: all.some(({ cluster }) => cluster) }];
  });
}

/** Names a typed column by its definition: all that decides about its values. */
function named(name: string, column: Omit<TypedColumn, 'name'>): TypedColumn {
  const { type, path, mode, format, zone, split, test, elements } = column;
  const more = { mode, format, zone, split, test, elements: elements?.map((element) => element.name) };
  const isPlain = Object.values(more).every((part) => part === undefined);
  const definition = [CASTS_VERSION, type, ruleOf(column).pattern, path, ...(isPlain ? [] : [more])];
  return { name: `${name.slice(0, MAX_NAME)}_${digestOf(JSON.stringify(definition)).slice(0, 8)}`, ...column };
}

/** The last name in a path, as far as it can stand in a column's name. */
function lastName(path: Path): string {
  const name = path.findLast((step) => typeof step === 'string');
  return (
    (name ?? 'list')
      .replaceAll(/[^A-Za-z0-9_]/g, '_')
      .replace(/^(?=[0-9])/, '_')
      .slice(0, 100) || 'list'
  );
}

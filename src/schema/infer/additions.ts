import { isSamePath, isWithin, type PathStep } from '../path.ts';
import type { Condition, Schema, SchemaColumn, SchemaView } from '../schema.ts';
import { distinctNames } from './column-names.ts';
import {
  named,
  type ProposedColumn,
  type ProposedCondition,
  type ProposedSchema,
  type ProposedView,
  stepsOf,
} from './proposal.ts';

/** What a schema file lacks: columns of its lists of columns, and views. */
export type Additions = {
  /** Where each list of columns is in the file, and what comes behind its last. */
  readonly columns: readonly { readonly at: readonly (string | number)[]; readonly added: readonly ProposedColumn[] }[];
  readonly views: readonly ProposedView[];
};

/**
 * What a proposal has and a schema file lacks: columns of paths that none of its columns shows, and kinds of items, and lists,
 * that none of its views has. Nothing that stands in the file is changed. Once the additions stand there, too, there are none.
 *
 * @param keys The table's key attributes: every typed view shows them by itself.
 * @param own Name of the view of all items.
 */
export function additionsTo(
  schema: Schema,
  proposal: ProposedSchema,
  { keys, own }: { readonly keys: readonly string[]; readonly own: string },
): Additions {
  const columns = [...schema.columns, ...schema.views.flatMap((view) => view.columns)];
  const isShown = (column: ProposedColumn) =>
    columns.some((other) => shows(other, column)) || (column.split === undefined && isKey(column, keys));
  const lacking = (proposed: readonly ProposedColumn[]) => proposed.filter((column) => !isShown(column));

  const found = new Map<
    string,
    { at: (string | number)[]; before: readonly SchemaColumn[]; added: ProposedColumn[] }
  >();
  const addTo = (index: number | null, added: readonly ProposedColumn[]) => {
    const at = index === null ? ['columns'] : ['views', index, 'columns'];
    const before = (index === null ? schema.columns : schema.views[index]?.columns) ?? [];
    const list = found.get(at.join()) ?? { at, before, added: [] };
    found.set(at.join(), list);
    const isNew = (column: ProposedColumn) => !list.added.some((other) => isSamePart(other, column));
    list.added.push(...added.filter(isNew));
  };
  const views: ProposedView[] = [];
  for (const view of proposal.views ?? []) {
    const index = takenBy(schema.views, view, keys);
    if (index !== undefined) addTo(index, lacking(view.columns));
    else if (view.unnest === undefined || lacking(view.columns).length > 0) views.push(view);
  }
  const inViews = views.flatMap((view) => view.columns);
  // A file of views alone gets no view of all items for what its new views show.
  const hasAll = schema.columns.length > 0 || schema.views.length === 0;
  const isInView = (column: ProposedColumn) => inViews.some((other) => isSamePart(other, column));
  addTo(
    null,
    lacking(proposal.columns).filter((column) => hasAll || !isInView(column)),
  );

  const names = distinctNames(
    views.map(({ name }) => name),
    [own, ...schema.views.map(({ name }) => name)],
  );
  return {
    columns: [...found.values()]
      .filter(({ added }) => added.length > 0)
      .map(({ at, before, added }) => ({
        at,
        added: named(
          added,
          before.map(({ name }) => name),
        ),
      })),
    views: views.map((view, index) => ({ ...view, name: names[index] ?? view.name })),
  };
}

/** Whether a column shows what another one would, or JSON that has it. */
function shows(column: SchemaColumn, proposed: ProposedColumn): boolean {
  const path = stepsOf(proposed);
  if (isSamePath(column.path, path)) {
    return JSON.stringify(column.split) === JSON.stringify(proposed.split) || column.type === 'JSON';
  }
  return column.type === 'JSON' && column.path.length < path.length && isWithin(path, column.path);
}

function isKey(column: ProposedColumn, keys: readonly string[]): boolean {
  const [name, ...others] = stepsOf(column);
  return others.length === 0 && keys.includes(String(name));
}

function isSamePart(a: ProposedColumn, b: ProposedColumn): boolean {
  return isSamePath(stepsOf(a), stepsOf(b)) && JSON.stringify(a.split) === JSON.stringify(b.split);
}

/**
 * Which view of the file has the rows of a proposed one, or some of them: then it is that one, however it was cut.
 *
 * Conditions on one attribute tell. Where a person has cut the kinds by another attribute, the columns do: the view is the one
 * that shows most of what the proposed one would, and none if none shows anything of it.
 */
function takenBy(views: readonly SchemaView[], proposed: ProposedView, keys: readonly string[]): number | undefined {
  const unnest: readonly PathStep[] | null = proposed.unnest ?? null;
  const where = proposed.where ?? [];
  const conditions = 'path' in where ? [where] : where;
  const own = proposed.columns.filter((column) => !isKey(column, keys));
  const [best] = views
    .flatMap((view, index) => {
      if (JSON.stringify(view.unnest) !== JSON.stringify(unnest)) return [];
      const pairs = conditions.flatMap((one) => view.where.map((other) => [one, other] as const));
      if (pairs.some(([one, other]) => areApart(one, other))) return [];
      const isSure = pairs.length === 0 || pairs.some(([one, other]) => isSamePath(other.path, [one.path]));
      const shared = own.filter((column) => view.columns.some((other) => shows(other, column))).length;
      return isSure || shared > 0 ? [{ index, isSure, shared }] : [];
    })
    .sort((a, b) => Number(b.isSure) - Number(a.isSure) || b.shared - a.shared || a.index - b.index);
  return best?.index;
}

/** Whether no item meets both conditions. */
function areApart(proposed: ProposedCondition, other: Condition): boolean {
  if (!isSamePath(other.path, [proposed.path])) return false;
  if ('exists' in other) return !other.exists;
  const [text, isWhole] = 'equals' in proposed ? [proposed.equals, true] : [proposed.prefix, false];
  if ('prefix' in other) {
    return isWhole ? !text.startsWith(other.prefix) : !text.startsWith(other.prefix) && !other.prefix.startsWith(text);
  }
  return isWhole ? other.equals !== text : typeof other.equals !== 'string' || !other.equals.startsWith(text);
}

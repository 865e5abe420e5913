import { objectNames } from '../../names/object-names.ts';
import { compareText } from '../../value/sort.ts';
import type { Path, PathStep } from '../path.ts';
import { columnName, distinctNames, legalName, namesOf } from './column-names.ts';
import { columnsAt, type ListOfMaps, type Place, sorted } from './columns.ts';
import type { ItemFacts } from './item-facts.ts';
import { kindNames, takenNames } from './kind-names.ts';
import { isKeyName, isSortKeyName } from './kind-sign.ts';
import { type Facts, factsOfAll, itemKinds, type Kind } from './kinds.ts';
import { snakeCase } from './name-words.ts';
import type { PathFacts } from './path-facts.ts';
import { named, type ProposedColumn, type ProposedSchema, type ProposedView } from './proposal.ts';

/**
 * Proposes the schema file of a table from what is known of its items: the same one for the same items, whatever their order.
 *
 * @param besides.taken Names of views that other tables have.
 * @param besides.ignored Paths at and below which nothing is proposed.
 *
 * Only words that a `where` needs are values of items; whatever else is in it are names, counts and types.
 */
export function proposeSchema(
  table: string,
  facts: ItemFacts,
  { taken = [], ignored = [] }: { readonly taken?: readonly string[]; readonly ignored?: readonly Path[] } = {},
): ProposedSchema {
  const kinds = facts.items === 0 ? [] : itemKinds(facts);
  const all = factsOfAll(facts);
  const keys = keysOf(facts, all);
  const { typed } = objectNames(table);

  const parts = { keys, ignored };
  const whole = viewOf(common(all, kinds, keys), parts, kinds.length === 0 ? [table] : null);
  const names = kindNames(kinds, table, taken);
  const ofKinds = kinds.map((kind) => ({ kind, view: viewOf(kind, parts, [table, kind.word]) }));
  const lists = [
    ...whole.lists.map((list) => ({
      ...list,
      of: typed,
      where: [] as Kind['where'],
      owner: all,
      hasParts: kinds.length === 0,
    })),
    ...ofKinds.flatMap(({ kind, view }, index) =>
      view.lists.map((list) => ({
        ...list,
        of: names[index] as string,
        where: kind.where,
        owner: kind as Facts,
        hasParts: true,
      })),
    ),
  ];
  const listNames = distinctNames(
    lists.map(({ of, path }) => legalName(`${of}__${snakeCase(namesOf(path).join('_')) || 'list'}`)),
    [...takenNames(table), ...taken, ...names],
  );
  const views: ProposedView[] = [
    ...ofKinds.map(({ kind, view }, index) => ({
      name: names[index] as string,
      where: whereField(kind.where),
      columns: view.columns,
    })),
    ...lists.map(({ where, path, elements, owner, hasParts }, index) => ({
      name: listNames[index] as string,
      ...(where.length > 0 && { where: whereField(where) }),
      unnest: path,
      columns: listColumns(
        { path, elements },
        hasParts ? keyColumns(owner, parts) : keyColumns(owner, parts).filter(isWhole),
        { table, ignored },
      ),
    })),
  ];
  const shown = views.filter(({ columns }) => columns.length > 0);
  return { table, columns: whole.columns, ...(shown.length > 0 && { views: shown }) };
}

/** The key attributes of a table, as far as they are told or known by their names, the partition key first. */
export function keyAttributes(facts: ItemFacts): readonly string[] {
  return keysOf(facts, factsOfAll(facts));
}

/** Those of {@link keyAttributes} that items have. */
function keysOf({ keys }: ItemFacts, { attributes }: Facts): readonly string[] {
  if (keys.length > 0) return keys.filter((key) => attributes.has(key));
  const place = (name: string) => (isSortKeyName(name) ? 1 : 0);
  return [...attributes.keys()].filter(isKeyName).sort((a, b) => place(a) - place(b) || compareText(a, b));
}

/** What the view of all items shows: what no kind shows, and what all kinds have. */
function common(all: Facts, kinds: readonly Kind[], keys: readonly string[]): Facts {
  if (kinds.length === 0) return all;
  const told = new Set([...keys, ...kinds.flatMap(({ where }) => where.map(({ path }) => path))]);
  const attributes = [...all.attributes].filter(([name, { values }]) => {
    const having = kinds.filter((kind) => kind.attributes.has(name));
    const shown = having.reduce((sum, kind) => sum + (kind.attributes.get(name)?.values ?? 0), 0);
    return told.has(name) || having.length === kinds.length || shown < values;
  });
  return { ...all, attributes: new Map(attributes) };
}

type View = { readonly columns: readonly ProposedColumn[]; readonly lists: readonly ListOfMaps[] };

/** What names alone don't tell: which attributes are the key, and what shall have no column. */
type Parts = { readonly keys: readonly string[]; readonly ignored: readonly Path[] };

/**
 * @param about What all items are, by their names; `null` if they are of several kinds: then the parts of their keys have
 *   several meanings, too.
 */
function viewOf(facts: Facts, { keys, ignored }: Parts, about: readonly string[] | null): View {
  const { items, attributes } = facts;
  const whole = { count: items, noun: 'item' } as const;
  const beside = [...attributes.keys()];
  const plans = [
    ...keys.flatMap((key) => (attributes.has(key) ? [[key, attributes.get(key) as PathFacts] as const] : [])),
    ...sorted(attributes).filter(([name]) => !keys.includes(name)),
  ].map(([name, paths]) => {
    const place = {
      path: [name],
      whole,
      about: about ?? [],
      beside,
      canUnnest: true,
      ignored,
      ...keyPart(name, keys, facts),
    };
    return columnsAt(paths, place);
  });
  const columns = plans.flatMap((plan) => plan.columns).filter(({ split }) => about !== null || split === undefined);
  return { columns: named(columns), lists: plans.flatMap(({ lists }) => lists) };
}

/** A sort key that always begins with the partition key, or is its beginning, repeats the parts of that. */
function keyPart(
  name: string,
  keys: readonly string[],
  { attributes, hasKeysApart }: Facts,
): Pick<Place, 'isKey' | 'repeatedParts'> {
  const at = keys.indexOf(name);
  if (at <= 0 || hasKeysApart) return { isKey: at !== -1 };
  const first = attributes.get(keys[0] as string)?.split;
  const isAlike = first?.separator === attributes.get(name)?.split?.separator;
  return { isKey: true, repeatedParts: isAlike ? (first?.parts.length ?? 0) : 0 };
}

/** The columns of the key attributes and their parts. */
function keyColumns(facts: Facts, { keys, ignored }: Parts): readonly ProposedColumn[] {
  const { items, attributes } = facts;
  const whole = { count: items, noun: 'item' } as const;
  return keys.flatMap((key) => {
    const paths = attributes.get(key);
    const place = { path: [key], whole, about: [], canUnnest: false, ignored, ...keyPart(key, keys, facts) };
    return paths === undefined ? [] : columnsAt(paths, place).columns;
  });
}

function isWhole({ split }: ProposedColumn): boolean {
  return split === undefined;
}

/** The columns of a list's elements, behind those of the key, which tell whose they are. None if the elements have none. */
function listColumns(
  { path, elements }: ListOfMaps,
  ofKeys: readonly ProposedColumn[],
  { table, ignored }: { readonly table: string; readonly ignored: readonly Path[] },
): readonly ProposedColumn[] {
  const whole = { count: elements.values, noun: 'element' } as const;
  const beside = [...(elements.members?.keys() ?? [])];
  const taken = new Set(ofKeys.map(({ name }) => name.toLowerCase()));
  const members = sorted(elements.members ?? new Map()).flatMap(([name, member]) => {
    const inElement: readonly PathStep[] = [...path, { each: true }, name];
    const place = { path: inElement, unnamed: path.length, whole, about: [table], beside, canUnnest: false, ignored };
    // An element's own id is named for the list where the item's is there, too.
    return columnsAt(member, place).columns.map((column) =>
      taken.has(column.name.toLowerCase()) ? { ...column, name: `${columnName(path)}_${column.name}` } : column,
    );
  });
  return members.length === 0 ? [] : named([...ofKeys, ...members]);
}

/** One condition stands alone. */
function whereField(where: Kind['where']): NonNullable<ProposedView['where']> {
  const [only] = where;
  return where.length === 1 && only !== undefined ? only : where;
}

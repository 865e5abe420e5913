import { objectNames, RESERVED_PREFIX } from '../../names/object-names.ts';
import { compareText } from '../../value/sort.ts';
import type { PathStep } from '../path.ts';
import { distinctNames, legalName } from './column-names.ts';
import { columnsAt, type ListOfMaps, sorted } from './columns.ts';
import type { ItemFacts } from './item-facts.ts';
import { isKeyName, isSortKeyName } from './kind-sign.ts';
import { type Facts, factsOfAll, itemKinds, type Kind } from './kinds.ts';
import { snakeCase } from './name-words.ts';
import type { PathFacts } from './path-facts.ts';
import { named, type ProposedColumn, type ProposedSchema, type ProposedView } from './proposal.ts';

/**
 * Proposes the schema file of a table from what is known of its items: the same one for the same items, whatever their order.
 *
 * @param taken Names of views that other tables have.
 *
 * Only words that a `where` needs are values of items; whatever else is in it are names, counts and types.
 */
export function proposeSchema(table: string, facts: ItemFacts, taken: readonly string[] = []): ProposedSchema {
  const kinds = facts.items === 0 ? [] : itemKinds(facts);
  const all = factsOfAll(facts);
  const keys = keysOf(facts, all);
  const { typed } = objectNames(table);

  const whole = viewOf(common(all, kinds, keys), keys, kinds.length === 0 ? [table] : null);
  const names = kindNames(kinds, table, taken);
  const ofKinds = kinds.map((kind) => ({ kind, view: viewOf(kind, keys, [table, kind.word]) }));
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
    lists.map(({ of, path }) => legalName(`${of}__${snakeCase(path.join('_')) || 'list'}`)),
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
        hasParts ? keyColumns(owner, keys) : keyColumns(owner, keys).filter(isWhole),
        table,
      ),
    })),
  ];
  return { table, columns: whole.columns, ...(views.length > 0 && { views }) };
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
  return { items: all.items, attributes: new Map(attributes) };
}

type View = { readonly columns: readonly ProposedColumn[]; readonly lists: readonly ListOfMaps[] };

/**
 * @param about What all items are, by their names; `null` if they are of several kinds: then the parts of their keys have
 *   several meanings, too.
 */
function viewOf({ items, attributes }: Facts, keys: readonly string[], about: readonly string[] | null): View {
  const whole = { count: items, noun: 'item' } as const;
  const plans = [
    ...keys.flatMap((key) => (attributes.has(key) ? [[key, attributes.get(key) as PathFacts] as const] : [])),
    ...sorted(attributes).filter(([name]) => !keys.includes(name)),
  ].map(([name, paths]) => columnsAt(paths, { path: [name], whole, about: about ?? [], canUnnest: true }));
  const columns = plans.flatMap((plan) => plan.columns).filter(({ split }) => about !== null || split === undefined);
  return { columns: named(columns), lists: plans.flatMap(({ lists }) => lists) };
}

/** The columns of the key attributes and their parts. */
function keyColumns({ attributes, items }: Facts, keys: readonly string[]): readonly ProposedColumn[] {
  const whole = { count: items, noun: 'item' } as const;
  return keys.flatMap((key) => {
    const paths = attributes.get(key);
    return paths === undefined ? [] : columnsAt(paths, { path: [key], whole, about: [], canUnnest: false }).columns;
  });
}

function isWhole({ split }: ProposedColumn): boolean {
  return split === undefined;
}

/** The columns of a list's elements, behind those of the key, which tell whose they are. */
function listColumns(
  { path, elements }: ListOfMaps,
  ofKeys: readonly ProposedColumn[],
  table: string,
): readonly ProposedColumn[] {
  const whole = { count: elements.values, noun: 'element' } as const;
  const members = sorted(elements.members ?? new Map()).flatMap(([name, member]) => {
    const inElement: readonly PathStep[] = [...path, { each: true }, name];
    const place = { path: inElement, whole, about: [table], canUnnest: false };
    return columnsAt(member, place).columns.map((column) => withoutList(column, path));
  });
  return named([...ofKeys, ...members]);
}

/** In the view of a list its own name is no part of the columns' names. */
function withoutList(column: ProposedColumn, path: readonly PathStep[]): ProposedColumn {
  const prefix = `${legalName(path.join('_'))}_`;
  return column.name.startsWith(prefix) ? { ...column, name: legalName(column.name.slice(prefix.length)) } : column;
}

/** Names of views, in snake case: the most telling word, or more of them where that isn't enough. */
function kindNames(kinds: readonly Kind[], table: string, others: readonly string[]): readonly string[] {
  const short = kinds.map(({ word }) => nameOfKind(word));
  const names = kinds.map(({ words }, index) => {
    const isShared = short.some((other, at) => at !== index && other === short[index]);
    return isShared && words.length > 1 ? words.map(nameOfKind).join('_') : (short[index] as string);
  });
  const taken = [...takenNames(table), ...others.map((name) => name.toLowerCase())];
  const isTaken = (name: string) =>
    taken.includes(name.toLowerCase()) ||
    name.toLowerCase().startsWith(RESERVED_PREFIX) ||
    name.toLowerCase().startsWith(objectNames(table).snapshot('').toLowerCase());
  return distinctNames(
    names.map((name) => (isTaken(name) ? `${name}_items` : name)),
    taken,
  );
}

function nameOfKind(word: string): string {
  return legalName(snakeCase(word) || 'kind');
}

/** The names of the table's own objects, in small letters. */
function takenNames(table: string): readonly string[] {
  const { changelog, state, latest, typed } = objectNames(table);
  return [changelog, state, latest, typed].map((name) => name.toLowerCase());
}

/** One condition stands alone. */
function whereField(where: Kind['where']): NonNullable<ProposedView['where']> {
  const [only] = where;
  return where.length === 1 && only !== undefined ? only : where;
}

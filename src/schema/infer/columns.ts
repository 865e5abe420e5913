import { compareText } from '../../value/sort.ts';
import { isJsonStep, type Path, type PathStep } from '../path.ts';
import { columnName } from './column-names.ts';
import { isDataName, isKeyedByData } from './data-names.ts';
import { isIgnored } from './ignored-paths.ts';
import type { PathFacts } from './path-facts.ts';
import type { ProposedColumn } from './proposal.ts';
import { scalarType } from './scalar-type.ts';
import { kindOfMost, mixtureSentence, nullSentence, personalSentence, presence, type Whole } from './sentences.ts';
import { splitParts } from './split-parts.ts';

/** A list of maps, to be a view of its own. */
export type ListOfMaps = { readonly path: readonly PathStep[]; readonly elements: PathFacts };

/** The columns of some attributes, in order, and the lists below them that have a view of their own. */
export type ColumnPlan = { readonly columns: readonly ProposedColumn[]; readonly lists: readonly ListOfMaps[] };

/** Where values lie: steps to them, and what their presence is counted in. */
export type Place = {
  readonly path: readonly PathStep[];
  readonly whole: Whole;
  /** What the items are, by the names of their table and kind. */
  readonly about: readonly string[];
  /** Names of what stands beside it. @default none */
  readonly beside?: readonly string[];
  /** Whether a list of maps here can have a view of its own: not within another list. */
  readonly canUnnest: boolean;
  /** First steps of the path that are no part of a column's name, as those to the list in its view. @default 0 */
  readonly unnamed?: number;
  /** Whether it is an attribute of the table's key, whatever its name. @default false */
  readonly isKey?: boolean;
  /** The first parts of composite texts that have no column, as others have them. @default 0 */
  readonly repeatedParts?: number;
  /** Paths at and below which there shall be no column. @default none */
  readonly ignored?: readonly Path[];
};

/**
 * The columns for the values at a place: one for a scalar or a list of scalars, one for each member of a map, and a JSON column
 * for what is neither.
 */
export function columnsAt(facts: PathFacts, place: Place): ColumnPlan {
  const plan = { columns: [] as ProposedColumn[], lists: [] as ListOfMaps[] };
  add(facts, place, plan);
  return plan;
}

type Plan = { readonly columns: ProposedColumn[]; readonly lists: ListOfMaps[] };

function add(facts: PathFacts, place: Place, plan: Plan): void {
  const { path, canUnnest } = place;
  if (isIgnored(path, place.ignored)) return;
  const { maps, lists, texts, nulls, bools, numbers, elements } = facts;
  const scalars = texts + bools + (numbers?.count ?? 0);
  if (maps > 0 && lists + scalars === 0) addMap(facts, place, plan);
  else if (lists > 0 && maps + scalars === 0) {
    if (canUnnest && elements && isListOfMaps(elements)) plan.lists.push({ path, elements });
    else addList(facts, place, plan);
  } else if (isJsonText(facts)) add(facts.inside as PathFacts, within(place), plan);
  else if (scalars > 0 && maps + lists === 0) addScalar(facts, place, plan);
  else if (scalars + maps + lists + nulls > 0) plan.columns.push(jsonColumn(facts, place, []));
}

function addMap(facts: PathFacts, place: Place, plan: Plan): void {
  const { members } = facts;
  if (members === undefined || members?.size === 0) {
    plan.columns.push(jsonColumn(facts, place, ['Always empty.']));
  } else if (members === null || isKeyedByData(facts)) {
    plan.columns.push(jsonColumn(facts, place, ['A map whose names are data.']));
  } else {
    const beside = [...members.keys()];
    for (const [name, member] of sorted(members)) {
      if (!isDataName(name)) add(member, { ...place, path: [...place.path, name], beside }, plan);
    }
  }
}

/** Members in the order of their names. */
export function sorted(members: ReadonlyMap<string, PathFacts>): readonly (readonly [string, PathFacts])[] {
  return [...members].sort(([a], [b]) => compareText(a, b));
}

function addList(facts: PathFacts, place: Place, plan: Plan): void {
  const { elements } = facts;
  const isScalar = elements && elements.values > 0 && elements.nulls + elements.maps + elements.lists === 0;
  if (!isScalar) {
    plan.columns.push(jsonColumn(facts, place, elements === undefined ? ['Always empty.'] : []));
    return;
  }
  const { type, format, why } = scalarType(elements, lastName(place.path));
  plan.columns.push(
    column(place, { type, mode: 'REPEATED', ...(format !== undefined && { format }) }, facts, [
      ...nullSentence(facts),
      ...mixtureSentence(elements),
      ...why,
      ...personalSentence(elements, place),
    ]),
  );
}

function addScalar(facts: PathFacts, place: Place, plan: Plan): void {
  const { type, format, why } = scalarType(facts, lastName(place.path));
  const looks = kindOfMost(facts, ['base64']) === undefined ? [] : ['Looks like base64; BYTES would hold its bytes.'];
  plan.columns.push(
    column(place, { type, ...(format !== undefined && { format }) }, facts, [
      ...nullSentence(facts),
      ...mixtureSentence(facts),
      ...why,
      ...looks,
      ...personalSentence(facts, place),
    ]),
  );
  plan.columns.push(...splitColumns(facts, place));
}

/** A column for each telling part of composite texts. */
function splitColumns(facts: PathFacts, place: Place): readonly ProposedColumn[] {
  const { split } = facts;
  const { path, isKey = false, repeatedParts = 0 } = place;
  if (!split) return [];
  const parts = splitParts(facts, path, { name: nameOf(place), isKey });
  return parts
    .filter(({ index }) => index >= repeatedParts)
    .map(({ index, name, part, fitting }) => {
      const { type, format, why } = fitting;
      const described = column(place, { type, ...(format !== undefined && { format }) }, part, [
        ...why,
        ...personalSentence(part, { path: [name], about: [] }),
      ]);
      return ordered({
        ...described,
        name,
        path: pathField(path, '') as NonNullable<ProposedColumn['path']>,
        split: { separator: split.separator, index },
      });
    });
}

function jsonColumn(facts: PathFacts, place: Place, why: readonly string[]): ProposedColumn {
  return column(place, { type: 'JSON' }, facts, [
    ...nullSentence(facts),
    ...mixtureSentence(facts),
    ...why,
    ...personalSentence(facts, place),
  ]);
}

function column(
  place: Place,
  typed: Pick<ProposedColumn, 'type' | 'mode' | 'format'>,
  { values }: Pick<PathFacts, 'values'>,
  sentences: readonly string[],
): ProposedColumn {
  const { path, whole } = place;
  const name = nameOf(place);
  const described = path.some(isJsonStep) ? ['From JSON within text.'] : [];
  const description = [presence(values, whole), ...described, ...sentences].join(' ');
  const field = pathField(path, name);
  return ordered({ name, ...typed, ...(field !== undefined && { path: field }), description });
}

function nameOf({ path, unnamed = 0 }: Place): string {
  return columnName(path.slice(unnamed));
}

/** The fields of a column in the order in which a file has them. */
function ordered({ name, type, mode, path, format, split, description }: ProposedColumn): ProposedColumn {
  return {
    name,
    type,
    ...(mode !== undefined && { mode }),
    ...(path !== undefined && { path }),
    ...(format !== undefined && { format }),
    ...(split !== undefined && { split }),
    ...(description !== undefined && { description }),
  };
}

/** The path as a file has it; `undefined` if it is that of the column's name. */
export function pathField(path: readonly PathStep[], name: string): ProposedColumn['path'] {
  const [first] = path;
  if (path.length > 1 || typeof first !== 'string') return path;
  return first === name ? undefined : first;
}

function within(place: Place): Place {
  return { ...place, path: [...place.path, { json: true }] };
}

/** Whether every text is JSON, and nothing else is there but NULL. */
function isJsonText({ texts, kinds, inside, bools, maps, lists, numbers }: PathFacts): boolean {
  const isText = texts > 0 && bools + maps + lists === 0 && numbers === undefined;
  return isText && inside !== undefined && inside !== null && kinds.get('json') === texts;
}

function isListOfMaps(elements: PathFacts): boolean {
  const { maps, values, members } = elements;
  if (isKeyedByData(elements)) return false;
  return maps > 0 && maps === values && members !== null && (members?.size ?? 0) > 0;
}

function lastName(path: readonly PathStep[]): string {
  return path.findLast((step) => typeof step === 'string') ?? '';
}

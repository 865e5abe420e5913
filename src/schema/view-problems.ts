import { aroundEach, isSamePath } from './path.ts';
import type { Condition, SchemaView } from './schema.ts';
import type { SchemaProblem } from './schema-problem.ts';

/**
 * What is wrong with the views of a schema together, each of which is right by itself.
 *
 * @param own Name of the typed view of all items; `null` if the schema declares none.
 */
export function viewProblems(views: readonly SchemaView[], own: string | null): readonly SchemaProblem[] {
  const names = [...(own === null ? [] : [own]), ...views.map(({ name }) => name)];
  const offset = own === null ? 0 : 1;
  const repeated = views.flatMap(({ name }, index): SchemaProblem[] => {
    const first = names.findIndex((other) => other.toLowerCase() === name.toLowerCase());
    if (first === index + offset) return [];
    const other = first < offset ? 'the view of all items' : `views[${first - offset}]`;
    return [{ at: ['views', index, 'name'], problem: `${other} has this name, too: names are compared without case` }];
  });
  const unnested = views.flatMap(({ unnest }, index): SchemaProblem[] => {
    if (unnest === null) return [];
    const problem =
      aroundEach(unnest) !== undefined
        ? 'expected the path of one list: {"each": true} has no place in it'
        : typeof unnest[0] === 'string'
          ? undefined
          : 'expected the name of an attribute as the first step';
    return problem === undefined ? [] : [{ at: ['views', index, 'unnest'], problem }];
  });
  return [...repeated, ...unnested, ...overlaps(views), ...views.flatMap(conditionProblems)];
}

function conditionProblems({ where }: SchemaView, index: number): readonly SchemaProblem[] {
  return where.flatMap(({ path }, place): SchemaProblem[] => {
    if (aroundEach(path) === undefined && typeof path[0] === 'string') return [];
    return [
      {
        at: ['views', index, 'where', ...(where.length > 1 ? [place] : []), 'path'],
        problem: 'expected the path of one value: it begins with the name of an attribute, and has no {"each": true}',
      },
    ];
  });
}

/** Views of items, of which the later one takes items that the earlier one takes for certain. */
function overlaps(views: readonly SchemaView[]): readonly SchemaProblem[] {
  const ofItems = [...views.entries()].filter(([, { unnest }]) => unnest === null);
  return ofItems.flatMap(([later, view], place) =>
    ofItems.slice(0, place).flatMap(([earlier, other]): SchemaProblem[] => {
      if (!doOverlap(view.where, other.where)) return [];
      const at = view.where.length === 0 ? ['views', later] : ['views', later, 'where'];
      return [{ at, problem: `overlaps that of views[${earlier}]: an item would be in both` }];
    }),
  );
}

/**
 * Whether items for which one condition list holds are certain to meet the other, too. Of lists over different attributes
 * only the items can tell: they are counted.
 */
export function doOverlap(one: readonly Condition[], other: readonly Condition[]): boolean {
  const paired = one.flatMap((a) => other.filter((b) => isSamePath(a.path, b.path)).map((b) => [a, b] as const));
  if (paired.some(([a, b]) => areDisjoint(a, b))) return false;
  return one.every((a) => hasPath(other, a)) || other.every((b) => hasPath(one, b));
}

function hasPath(conditions: readonly Condition[], { path }: Condition): boolean {
  return conditions.some((condition) => isSamePath(condition.path, path));
}

/** Whether no value at one path meets both conditions. */
function areDisjoint(a: Condition, b: Condition): boolean {
  if ('exists' in a) return 'exists' in b ? a.exists !== b.exists : !a.exists;
  if ('exists' in b) return !b.exists;
  if ('equals' in a) {
    if ('equals' in b) return a.equals !== b.equals;
    return typeof a.equals !== 'string' || !a.equals.startsWith(b.prefix);
  }
  if ('equals' in b) return areDisjoint(b, a);
  return !a.prefix.startsWith(b.prefix) && !b.prefix.startsWith(a.prefix);
}

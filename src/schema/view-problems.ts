import { areContrary, implies } from './implied-condition.ts';
import { aroundEach } from './path.ts';
import type { SchemaView } from './schema.ts';
import { placeText, type SchemaProblem } from './schema-problem.ts';

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

function conditionProblems(view: SchemaView, index: number): readonly SchemaProblem[] {
  const empty = contradictions(view).map(
    ([earlier, later]): SchemaProblem => ({
      at: ['views', index, 'where', later],
      problem: `contradicts ${placeText(['views', index, 'where', earlier])}: no item meets both`,
    }),
  );
  return [...pathProblems(view, index), ...empty];
}

function pathProblems({ where }: SchemaView, index: number): readonly SchemaProblem[] {
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

/** Views of items, of which one has all items of the other for certain. */
function overlaps(views: readonly SchemaView[]): readonly SchemaProblem[] {
  const ofItems = [...views.entries()].filter(([, view]) => view.unnest === null && contradictions(view).length === 0);
  return ofItems.flatMap(([later, view], place) =>
    ofItems.slice(0, place).flatMap(([earlier, other]): SchemaProblem[] => {
      if (!isWithin(view, other) && !isWithin(other, view)) return [];
      const at = view.where.length === 0 ? ['views', later] : ['views', later, 'where'];
      return [{ at, problem: `overlaps that of views[${earlier}]: an item would be in both` }];
    }),
  );
}

/** Whether every item of one view is certain to be in the other, too. Of others only the items can tell: they are counted. */
function isWithin(one: SchemaView, other: SchemaView): boolean {
  return other.where.every((condition) => one.where.some((own) => implies(own, condition)));
}

/** Pairs of conditions of one view that no item meets, the earlier one first. */
function contradictions({ where }: SchemaView): readonly (readonly [earlier: number, later: number])[] {
  return where.flatMap((condition, later) =>
    where
      .slice(0, later)
      .flatMap((other, earlier) => (areContrary(other, condition) ? [[earlier, later] as const] : [])),
  );
}

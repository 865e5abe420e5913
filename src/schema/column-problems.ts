import { collisionsOf } from './column-name.ts';
import { aroundEach, isEachStep, isSamePath, type Path } from './path.ts';
import type { SchemaColumn } from './schema.ts';
import { placeText, type SchemaProblem } from './schema-problem.ts';
import { problemOfFormat } from './value-format.ts';

/** Columns of one view of a schema file, and the place of their list in the file. */
export type ColumnList = {
  readonly at: readonly PropertyKey[];
  /** The list of which each element is a row of the view; `null` for a row for each item. */
  readonly unnest: Path | null;
  readonly columns: readonly SchemaColumn[];
};

/** What is wrong with the columns of one view, each of which is right by itself. */
export function columnProblems({ at, unnest, columns }: ColumnList): readonly SchemaProblem[] {
  return [
    ...collisionsOf(columns.map(({ name }) => name)).map(
      ([later, earlier]): SchemaProblem => ({
        at: [...at, later],
        problem: `.name and ${placeText([...at, earlier])}.name name the same column (${JSON.stringify(columns[later]?.name)} and ${JSON.stringify(columns[earlier]?.name)}): names are compared without case`,
      }),
    ),
    ...columns.flatMap((column, index) =>
      problemsOf(column, unnest).map(({ at: field, problem }) => ({ at: [...at, index, ...field], problem })),
    ),
  ];
}

function problemsOf(column: SchemaColumn, unnest: Path | null): readonly SchemaProblem[] {
  const format = problemOfFormat(column);
  return [
    ...(format === undefined ? [] : [{ at: [column.format === undefined ? 'zone' : 'format'], problem: format }]),
    ...pathProblems(column, unnest),
    ...(column.split !== undefined && column.type === 'JSON'
      ? [{ at: ['split'], problem: 'a part of a text is no JSON: give the column another type' }]
      : []),
    ...(column.mode === 'REPEATED' && column.type === 'JSON'
      ? [{ at: ['mode'], problem: 'a REPEATED column is of scalars: leave out the mode for a list as JSON' }]
      : []),
  ];
}

/** `each` stands in a REPEATED column once, and in a view of a list's elements for that list, if anywhere. */
function pathProblems({ path, mode }: SchemaColumn, unnest: Path | null): readonly SchemaProblem[] {
  const at = ['path'];
  const whole = aroundEach(path);
  if (path[0] !== undefined && typeof path[0] !== 'string') {
    return [{ at, problem: 'expected the name of an attribute as the first step' }];
  }
  if (whole === undefined) return [];
  const isOfElement = unnest !== null && isSamePath(whole.list, unnest);
  const inner = isOfElement ? whole.below : path;
  const count = inner.filter(isEachStep).length;
  if (mode === 'REPEATED' && count <= 1) return [];
  if (isOfElement && count === 0) return [];
  if (count > 1) return [{ at, problem: 'expected {"each": true} once: a list of lists fits a column of type JSON' }];
  return [
    {
      at,
      problem:
        unnest === null
          ? '{"each": true} gives many values: give the column the mode REPEATED, or the view the list as unnest'
          : `{"each": true} stands only behind the list of the view, ${JSON.stringify(unnest)}, or in a REPEATED column`,
    },
  ];
}

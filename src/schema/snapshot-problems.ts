import { CLUSTER_TYPES, canCluster, MAX_CLUSTER_COLUMNS } from './cluster-column.ts';
import type { ColumnList } from './column-problems.ts';
import { aroundEach, isSamePath } from './path.ts';
import type { SchemaColumn } from './schema.ts';
import { placeText, type SchemaProblem } from './schema-problem.ts';
import { typedColumn } from './typed-column.ts';

/** A column of a view, and its place in the file. */
type Placed = { readonly at: readonly PropertyKey[]; readonly column: SchemaColumn; readonly isOfElement: boolean };

/** What is wrong with a file's columns as its snapshots have them: those of all views, each definition once. */
export function snapshotProblems(lists: readonly ColumnList[]): readonly SchemaProblem[] {
  const all = lists.flatMap(({ at, unnest, columns }) =>
    columns.map((column, index): Placed => {
      const list = aroundEach(column.path)?.list;
      const isOfElement = unnest !== null && list !== undefined && isSamePath(list, unnest);
      return { at: [...at, index], column, isOfElement };
    }),
  );
  return [...clusterProblems(all), ...policyProblems(all)];
}

function clusterProblems(all: readonly Placed[]): readonly SchemaProblem[] {
  const chosen = all.filter(({ column }) => column.cluster);
  const unfit = chosen.flatMap(({ at, column: { type, mode }, isOfElement }): SchemaProblem[] => {
    const problem =
      mode === 'REPEATED'
        ? "a table can't be clustered by a REPEATED column"
        : isOfElement
          ? "a table can't be clustered by values of a list's elements"
          : canCluster(type)
            ? undefined
            : `a table can't be clustered by ${type}, only by ${CLUSTER_TYPES.join(', ')}`;
    return problem === undefined ? [] : [{ at: [...at, 'cluster'], problem }];
  });
  const firsts = new Map(chosen.toReversed().map((one) => [nameOf(one.column), one]));
  const beyond = [...firsts.values()].toReversed().slice(MAX_CLUSTER_COLUMNS);
  return [
    ...unfit,
    ...beyond.map(({ at }) => ({
      at: [...at, 'cluster'],
      problem: `at most ${MAX_CLUSTER_COLUMNS} columns can be cluster columns, beside the key`,
    })),
  ];
}

/** Two policy tags of what is one column of a snapshot, of which BigQuery takes one. */
function policyProblems(all: readonly Placed[]): readonly SchemaProblem[] {
  const tagged = all.filter(({ column }) => column.policyTags !== undefined && column.policyTags.length > 0);
  return tagged.flatMap(({ at, column }, index): SchemaProblem[] => {
    const other = tagged.slice(0, index).find((one) => nameOf(one.column) === nameOf(column));
    if (other === undefined || other.column.policyTags?.[0] === column.policyTags?.[0]) return [];
    const problem = `expected the tag of ${placeText(other.at)}: snapshots have one column for both`;
    return [{ at: [...at, 'policyTags'], problem }];
  });
}

/** The name of a column in snapshots, as warehouses compare it. */
function nameOf(column: SchemaColumn): string {
  return typedColumn(column).name.toLowerCase();
}

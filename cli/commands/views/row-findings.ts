import type { Matches, ViewStore } from '../../../src/destination/view-store.ts';
import type { LikeliestPath } from '../../../src/schema/likeliest-path.ts';
import type { Path } from '../../../src/schema/path.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { ItemSource } from '../../../src/views/item-source.ts';
import { isViewOfKind } from '../../../src/views/match-count.ts';
import { counted, oneLine } from '../../terminal/format.ts';
import { likeliestOf } from './findings.ts';
import type { NameReader } from './item-names.ts';
import { absentText, pathText } from './report.ts';

/** Why a view has fewer rows than its schema means it to have. */
export type RowFinding =
  /** No item has what a condition or `unnest` asks for. */
  | {
      readonly problem: 'absent';
      readonly view: string;
      readonly field: 'where' | 'unnest';
      readonly path: Path;
      readonly likeliest: LikeliestPath | undefined;
    }
  /** The items have what the conditions ask for, and they hold for none. */
  | { readonly problem: 'empty'; readonly view: string }
  /** So many items have something else than a list where the view has `unnest`: they have no row. */
  | { readonly problem: 'no list'; readonly view: string; readonly path: Path; readonly items: number };

/** What the views of a table find in its items, all of them together. */
export type RowFindings = { readonly matches: Matches; readonly findings: readonly RowFinding[] };

/**
 * Counts which items are in the views, and looks at what decides that: conditions, and lists. In a table without items nothing
 * is judged.
 *
 * @returns `null` without views that have conditions or a list: then every item is a row.
 */
export async function rowFindingsOf(
  destination: Pick<ViewStore, 'countMatches'>,
  table: SourceTable,
  views: readonly TypedView[],
  names: NameReader,
  source?: ItemSource,
): Promise<RowFindings | null> {
  if (!views.some(isSelective)) return null;
  const matches = await destination.countMatches(table, views, source);
  const judged = matches.items === 0 ? [] : views.flatMap((view, index) => judgedRows(view, matches, index));
  if (!judged.some(({ problem }) => problem === 'absent')) return { matches, findings: judged };
  const { known } = await names(matches.items);
  return {
    matches,
    findings: judged.map((finding) =>
      finding.problem === 'absent' ? { ...finding, likeliest: likeliestOf(finding.path, known) } : finding,
    ),
  };
}

function isSelective({ where = [], unnest = null }: TypedView): boolean {
  return where.length > 0 || unnest !== null;
}

function judgedRows(
  { name: view, where = [], unnest = null }: TypedView,
  { byView }: Matches,
  index: number,
): RowFinding[] {
  const { matched, found, lists, others } = byView[index] ?? { matched: 0, found: [], lists: 0, others: 0 };
  const absent = where.flatMap(({ path, ...test }, at): RowFinding[] =>
    found[at] === 0 && !('exists' in test && !test.exists)
      ? [{ problem: 'absent', view, field: 'where', path, likeliest: undefined }]
      : [],
  );
  if (absent.length > 0) return absent;
  if (matched === 0) return [{ problem: 'empty', view }];
  if (unnest === null) return [];
  if (lists + others === 0) return [{ problem: 'absent', view, field: 'unnest', path: unnest, likeliest: undefined }];
  return others === 0 ? [] : [{ problem: 'no list', view, path: unnest, items: others }];
}

/** A finding as a line for a person. */
export function rowFindingLine(finding: RowFinding): string {
  const { view } = finding;
  switch (finding.problem) {
    case 'absent':
      return oneLine(absentText(finding.path, finding.likeliest, ` (${finding.field} of the view ${view})`));
    case 'empty':
      return oneLine(`${view}: its conditions hold for no item.`);
    case 'no list': {
      const what = finding.items === 1 ? 'is no list, and has no row' : 'are no lists, and have no row';
      return oneLine(`${view}: ${counted(finding.items, 'value')} at ${pathText(finding.path)} ${what}.`);
    }
  }
}

/** A finding as scripts read it. */
export function rowFindingObject({ view: _view, ...finding }: RowFinding) {
  if (finding.problem !== 'absent') return finding;
  const { likeliest, ...absent } = finding;
  return { ...absent, likeliest_path: likeliest?.path ?? null };
}

/** How the items of a table fall to its views of kinds, as lines for a person. */
export function matchLines(
  table: string,
  views: readonly TypedView[],
  { items, unmatched, repeated }: Matches,
): readonly string[] {
  if (items === 0 || !views.some(isViewOfKind)) return [];
  return [
    unmatched === 0
      ? `Every item of ${table} is in one of the views that have conditions.`
      : `${counted(unmatched, 'item')} of ${table} ${unmatched === 1 ? 'is' : 'are'} in no view that has conditions, of ${counted(items, 'item')}.`,
    ...(repeated === 0
      ? []
      : [
          `${counted(repeated, 'item')} of ${table} ${repeated === 1 ? 'is' : 'are'} in more than one of them: narrow their conditions.`,
        ]),
  ];
}

/** Whether a finding means that the schema or the table is wrong: then the exit code is 1. */
export function isRowProblem({ matches, findings }: RowFindings): boolean {
  return matches.repeated > 0 || findings.some(({ problem }) => problem !== 'no list');
}

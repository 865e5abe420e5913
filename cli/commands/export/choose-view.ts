import type { OwnedObjects } from '../../../src/destination/table-removal.ts';
import { TailraceError } from '../../../src/errors.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import { likeliestName } from '../../../src/schema/likeliest-path.ts';

/**
 * The view of a table to export: the one that is named, else the typed view of all items, else the latest view.
 *
 * A typed view of another name may show a part of the items only: it is never taken unasked.
 *
 * @param table Name of the source table.
 * @param wanted `undefined` if none is named. Names are compared without case.
 * @throws {TailraceError} `usage-invalid`, with the views that there are, if there is no such view, or if it isn't clear
 *   which is meant; `destination-missing` if the table has none at all.
 */
export function chooseView(table: string, owned: OwnedObjects, wanted: string | undefined): string {
  const views = viewsOf(table, owned);
  const { latest, typed } = objectNames(table);
  const named = (name: string) => views.find((view) => view.toLowerCase() === name.toLowerCase());
  if (views.length === 0) throw new TailraceError('destination-missing', `There is no view of ${table}`);
  if (wanted !== undefined) {
    const found = named(wanted);
    if (found !== undefined) return found;
    const meant = likeliestName(wanted, views);
    throw new TailraceError('usage-invalid', `${table} has no view ${JSON.stringify(wanted)}`, {
      remedy: `${meant === undefined ? '' : `Did you mean ${meant}? `}Its views are ${views.join(', ')}.`,
    });
  }
  const found = named(typed) ?? (views.length === 1 ? named(latest) : undefined);
  if (found !== undefined) return found;
  throw new TailraceError('usage-invalid', `${table} has several views: ${views.join(', ')}`, {
    remedy: `Name one: run \`tailrace … --view ${views[0]}\`.`,
  });
}

/** The views that can be exported: the typed ones, then the latest view. Those that were edited by hand can, too. */
function viewsOf(table: string, { objects, left }: OwnedObjects): readonly string[] {
  const { state, changelog, latest } = objectNames(table);
  const views = [...objects.filter(({ kind }) => kind === 'view').map(({ name }) => name), ...left];
  const isOther = (name: string) => [state, changelog].every((one) => one.toLowerCase() !== name.toLowerCase());
  const isLatest = (name: string) => name.toLowerCase() === latest.toLowerCase();
  const shown = views.filter(isOther);
  return [...shown.filter((name) => !isLatest(name)), ...shown.filter(isLatest)];
}

import { isJsonStep, isWithin, type Path } from './path.ts';
import type { KnownPath } from './shape-paths.ts';
import type { TypedView } from './typed-view.ts';

/**
 * The paths of items that no column of a table's views shows, and that the schema doesn't ignore: of those within each other
 * the outermost. In order of their appearance.
 *
 * An attribute by which views choose their items is shown by that. A column shows what is below its path, too, where it takes it
 * whole: as JSON, as a list, or as JSON in a text. An object or a list of which a view shows some part isn't among them, only
 * what is missing of it.
 *
 * @param known Paths of items, the elements of lists as the first: see `pathsOfShapes`.
 */
export function undeclaredPaths(
  known: readonly KnownPath[],
  views: readonly TypedView[],
  ignored: readonly Path[],
): readonly KnownPath[] {
  const shown = views.flatMap(({ columns, where = [], unnest = null }) => [
    ...columns.map((column) => ({ path: asKnown(column.path), isWhole: isWhole(column.type, column.mode) })),
    ...where.map(({ path }) => ({ path: asKnown(path), isWhole: false })),
    ...(unnest === null ? [] : [{ path: [...asKnown(unnest), 0], isWhole: false }]),
  ]);
  const left = ignored.map((path) => ({ path: asKnown(path), isWhole: true }));
  const declared = [...shown, ...left];
  const found: KnownPath[] = [];
  for (const one of known) {
    const isShown = declared.some(
      ({ path, isWhole: whole }) => isWithin(path, one.path) || (whole && isWithin(one.path, path)),
    );
    const isBelow = found.some(({ path }) => isWithin(one.path, path));
    if (!isShown && !isBelow) found.push(one);
  }
  return found;
}

/** Whether a column shows all that is below its path. */
function isWhole(type: string, mode: string | undefined): boolean {
  return type === 'JSON' || mode === 'REPEATED';
}

/** A path as shapes have it: a list's elements as its first, and nothing of what is within a text. */
function asKnown(path: Path): Path {
  const end = path.findIndex(isJsonStep);
  return path.slice(0, end === -1 ? path.length : end).map((step) => (typeof step === 'string' ? step : 0));
}

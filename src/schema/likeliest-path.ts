import { editDistance } from './edit-distance.ts';
import type { Path } from './path.ts';
import type { KnownPath } from './shape-paths.ts';

/**
 * What a path that no item has was probably meant to be.
 *
 * `inside`: the path is one name with dots, and read as steps it exists. `near`: it is spelt like one that exists.
 */
export type LikeliestPath = { readonly how: 'inside' | 'near'; readonly path: Path };

/** More edits than these make another name, whatever its length. */
const MAX_EDITS = 3;

/** Of the characters of a name, the part that may differ. */
const MAX_CHANGED = 0.6;

/** A name that is right, but elsewhere in the item: better than any misspelling. */
const ELSEWHERE = 0.5;

/** The path of an item that `wanted` probably means; `undefined` if none is like it. */
export function likeliestPath(wanted: Path, known: readonly KnownPath[]): LikeliestPath | undefined {
  const others = known.filter(({ path }) => JSON.stringify(path) !== JSON.stringify(wanted));
  const inside = readAsSteps(wanted, others);
  if (inside !== undefined) return { how: 'inside', path: inside };
  const index = wanted.at(-1);
  const named = typeof index === 'number' ? wanted.slice(0, -1) : wanted;
  const [best] = others
    .filter(({ path }) => typeof path.at(-1) === 'string')
    .flatMap((one) => {
      const unlike = unlikeness(named, one.path);
      return unlike === undefined ? [] : [{ ...one, unlike, spelling: spelling(named, one.path) }];
    })
    .sort(
      (a, b) => a.unlike - b.unlike || a.spelling - b.spelling || b.items - a.items || a.path.length - b.path.length,
    );
  if (best === undefined) return undefined;
  return { how: 'near', path: typeof index === 'number' ? [...best.path, index] : best.path };
}

/** The name of `names` that is most like `wanted`; `undefined` if none is. */
export function likeliestName(wanted: string, names: readonly string[]): string | undefined {
  const found = likeliestPath(
    [wanted],
    names.map((name) => ({ path: [name], items: 1 })),
  );
  const name = found?.path[0];
  return name === undefined ? undefined : String(name);
}

/** The path that one name with dots or brackets spells, `address.city` or `lines[0].sku`; in this case, else in any. */
function readAsSteps(wanted: Path, known: readonly KnownPath[]): Path | undefined {
  const [name] = wanted;
  if (wanted.length !== 1 || typeof name !== 'string') return undefined;
  const text = name.replaceAll(/\[(\d+)\]/g, '.$1');
  if (!text.includes('.')) return undefined;
  const nested = known.filter(({ path }) => path.length > 1);
  const found =
    nested.find(({ path }) => path.join('.') === text) ??
    nested.find(({ path }) => path.join('.').toLowerCase() === text.toLowerCase());
  return found?.path;
}

/** How unlike two paths are, by their letters and digits alone; `undefined` if too much. */
function unlikeness(wanted: Path, known: Path): number | undefined {
  const whole = edits(plain(wanted), plain(known));
  const last = edits(plain(wanted.slice(-1)), plain(known.slice(-1)));
  const elsewhere = last === 0 ? ELSEWHERE : undefined;
  if (whole === undefined || elsewhere === undefined) return whole ?? elsewhere;
  return Math.min(whole, elsewhere);
}

function edits(wanted: string, known: string): number | undefined {
  const length = Math.max(wanted.length, known.length);
  if (Math.abs(wanted.length - known.length) > MAX_EDITS) return undefined;
  const distance = editDistance(wanted, known);
  return distance <= MAX_EDITS && distance < length * MAX_CHANGED ? distance : undefined;
}

/** Among equally unlike ones: how differently they are written, case and separators included. */
function spelling(wanted: Path, known: Path): number {
  return editDistance(wanted.join('.').slice(0, 300), known.join('.').slice(0, 300));
}

/** The names of a path without case, separators and indexes: `created_at` and `createdAt` are one. */
function plain(path: Path): string {
  const text = path.filter((step) => typeof step === 'string').join('');
  return (text.replaceAll(/[^\p{L}\p{N}]/gu, '') || text).toLowerCase();
}

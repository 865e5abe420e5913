import type { Path } from './path.ts';

/** A path that items have, and how many do. */
export type KnownPath = { readonly path: Path; readonly items: number };

/** The most distinct paths that are collected. An item whose names are data, such as a map by user, could have millions. */
const MAX_PATHS = 20_000;

const TOKEN = /"(?:[^"\\]|\\.)*":|[{}[\]]/g;

/** An object or a list that is open: names are below `path`. */
type Open = { readonly isList: boolean; readonly path: Path };

/**
 * The paths in the shapes of items, each once, in order of their appearance. A shape is the JSON of an item without its
 * values, and may end early.
 *
 * ```text
 * {"id":"lines":[{"sku":}{"sku":}]}  →  ["id"], ["lines"], ["lines",0], ["lines",0,"sku"]
 * ```
 *
 * The elements of a list count as its first.
 */
export function pathsOfShapes(shapes: readonly { readonly shape: string; readonly items: number }[]): KnownPath[] {
  const known = new Map<string, { path: Path; items: number }>();
  for (const { shape, items } of shapes) {
    for (const [id, path] of pathsOf(shape)) {
      const one = known.get(id);
      if (one !== undefined) one.items += items;
      else if (known.size < MAX_PATHS) known.set(id, { path, items });
    }
  }
  return [...known.values()];
}

/** The paths of one shape, by their JSON. */
function pathsOf(shape: string): ReadonlyMap<string, Path> {
  const paths = new Map<string, Path>();
  const open: Open[] = [];
  let next: Path = [];
  for (const [token] of shape.matchAll(TOKEN)) {
    const inside = open.at(-1);
    if (token === '}' || token === ']') {
      open.pop();
    } else if (token === '{' || token === '[') {
      const path = inside?.isList ? [...inside.path, 0] : next;
      if (path.length > 0) paths.set(JSON.stringify(path), path);
      open.push({ isList: token === '[', path });
    } else {
      next = [...(inside?.path ?? []), String(JSON.parse(token.slice(0, -1)))];
      paths.set(JSON.stringify(next), next);
    }
  }
  return paths;
}

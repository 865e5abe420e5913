/** A step into JSON: text is the name of an object's member, a number the index of a list's element. */
export type PlainStep = string | number;

/** Every element of a list: the path leads to as many values. */
export type EachStep = { readonly each: true };

/** The text that is here is JSON, and the path goes on inside it. */
export type JsonStep = { readonly json: true };

export type PathStep = PlainStep | EachStep | JsonStep;

/**
 * Where in an item a column's value lies.
 *
 * ```text
 * "a.b"                           →  ["a.b"]          one attribute of the item, dots and all
 * ["lines", 0]                    →  ["lines", 0]     the first element of the attribute lines
 * ["lines", {"each": true}, "sku"]                    the sku of every element
 * ["payload", {"json": true}, "user"]                 the user in the JSON that the text of payload is
 * ```
 */
export type Path = readonly PathStep[];

/** A path of names and indexes alone. */
export type PlainPath = readonly PlainStep[];

export function isPlainStep(step: PathStep): step is PlainStep {
  return typeof step !== 'object';
}

export function isEachStep(step: PathStep): step is EachStep {
  return typeof step === 'object' && 'each' in step;
}

export function isJsonStep(step: PathStep): step is JsonStep {
  return typeof step === 'object' && 'json' in step;
}

/** Whether a path is another one, or leads on from its end. */
export function isWithin(path: Path, outer: Path): boolean {
  return isSamePath(path.slice(0, outer.length), outer);
}

/** A path with every element of a list in place of one of them. */
export function ofElements(path: Path): Path {
  return path.map((step) => (typeof step === 'number' ? { each: true } : step));
}

/** A path's first plain steps, and what comes behind them. */
export function plainPrefix(path: Path): { readonly prefix: PlainPath; readonly rest: Path } {
  const end = path.findIndex((step) => !isPlainStep(step));
  const length = end === -1 ? path.length : end;
  return { prefix: path.slice(0, length).filter(isPlainStep), rest: path.slice(length) };
}

/** A path at its step `each`: the list, and the path below each of its elements; `undefined` if it has none. */
export function aroundEach(path: Path): { readonly list: Path; readonly below: Path } | undefined {
  const at = path.findIndex(isEachStep);
  return at === -1 ? undefined : { list: path.slice(0, at), below: path.slice(at + 1) };
}

/** Whether two paths are the same. */
export function isSamePath(one: Path, other: Path): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

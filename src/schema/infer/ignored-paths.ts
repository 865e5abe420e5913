import { isSamePath, type Path } from '../path.ts';

/** Whether a path is one of the ignored ones, or below one. An index stands for every element, as in `schema drift`. */
export function isIgnored(path: Path, ignored: readonly Path[] = []): boolean {
  const elements = ofElements(path);
  return ignored.some((one) => {
    const outer = ofElements(one);
    return isSamePath(elements.slice(0, outer.length), outer);
  });
}

function ofElements(path: Path): Path {
  return path.map((step) => (typeof step === 'number' ? { each: true } : step));
}

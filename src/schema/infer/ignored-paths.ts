import { isWithin, ofElements, type Path } from '../path.ts';

/** Whether a path is one of the ignored ones, or below one. An index stands for every element, as in `schema drift`. */
export function isIgnored(path: Path, ignored: readonly Path[] = []): boolean {
  return ignored.some((one) => isWithin(ofElements(path), ofElements(one)));
}

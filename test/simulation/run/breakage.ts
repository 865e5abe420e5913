import { registerHooks } from 'node:module';

/** A deliberate breakage of the product: in one file, `replace` stands in place of `find`. */
export type Breakage = {
  readonly name: string;
  /** Path from the project's root. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
};

/**
 * Breaks every module that is loaded from now on.
 *
 * @returns a check that the file was loaded, to be called once everything is.
 * @throws what loading throws then, if the text isn't in the file exactly once: the breakage is out of date.
 */
export function breakModules({ name, file, find, replace }: Breakage): () => void {
  // A path's end may be that of another file, too.
  const broken = new URL(`../../../${file}`, import.meta.url).href;
  let isBroken = false;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== broken) return loaded;
      const source = String(loaded.source);
      if (source.split(find).length !== 2) {
        throw new Error(`Breakage "${name}" is out of date: ${file} doesn't have its text exactly once`);
      }
      isBroken = true;
      return { ...loaded, source: source.replace(find, () => replace) };
    },
  });
  return () => {
    if (!isBroken) throw new Error(`Breakage "${name}" is out of date: ${file} isn't part of the simulation`);
  };
}

import { dirname, join, relative } from 'node:path';

/** The folder with the state of all tables, in the directory where a command runs. */
export const STATE_HOME = '.tailrace';

/**
 * Finds the folder with the state of all tables, from anywhere in a checkout: the nearest `.tailrace` from `cwd` up to the
 * top of the checkout; if there is none, the one at the top, which may not exist yet.
 *
 * The top is the nearest directory with a `.git`, else the nearest with a `package.json`. Outside of a checkout only `cwd`
 * counts: a folder above it may be someone else's.
 *
 * @param cwd Absolute path.
 * @returns A path relative to `cwd`.
 */
export function findStateHome(cwd: string, exists: (path: string) => boolean): string {
  const above = [...upwards(cwd)];
  const topWith = (name: string) => above.find((directory) => exists(join(directory, name)));
  const top = topWith('.git') ?? topWith('package.json') ?? cwd;
  const inside = above.slice(0, above.indexOf(top) + 1);
  const home = inside.find((directory) => exists(join(directory, STATE_HOME))) ?? top;
  return join(relative(cwd, home), STATE_HOME);
}

/** A directory and those above it, up to the root. */
function* upwards(directory: string): Generator<string> {
  yield directory;
  const parent = dirname(directory);
  if (parent !== directory) yield* upwards(parent);
}

import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { STATE_HOME } from './state-home.ts';

const FILE = 'duckdb:';

/** Which state a command uses, as an invocation has it. */
type ChosenState = { readonly state: string | undefined; readonly stateHome?: () => string };

/**
 * A destination's name in the files of the state.
 *
 * A relative path counts from the directory that has the state: a command that runs in another folder of the checkout finds
 * the same state, in which `duckdb:shop.duckdb` must not become another file.
 *
 * @param name As the user names it.
 */
export function storedDestination({ state, stateHome = () => STATE_HOME }: ChosenState, name: string): string {
  const path = name.slice(FILE.length);
  if (!name.startsWith(FILE) || state !== undefined || isAbsolute(path)) return name;
  const home = stateHome();
  return home === STATE_HOME ? name : `${FILE}${relative(dirname(resolve(home)), resolve(path))}`;
}

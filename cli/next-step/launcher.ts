import { basename, delimiter, dirname, relative } from 'node:path';
import { shellWord } from './shell-word.ts';

/** How the process was started. */
export type StartedAs = {
  /** Node, as it was named on the command line: a name or a path. */
  readonly node: string;
  /** Absolute path of the script, before symbolic links are followed. */
  readonly script: string;
};

/** The surroundings that decide which command starts Tailrace again. */
export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
};

/** How npm names the command that `npx tailrace …` runs. */
const RUN_BY_NPX = /^['"]?tailrace['"]?(\s|$)/;

/**
 * The words that start Tailrace the way it was started: `npx tailrace`, `tailrace`, or `node bin/tailrace.js`.
 *
 * npm's variables are those of <https://docs.npmjs.com/cli/v11/using-npm/scripts#environment>.
 */
export function launcherOf({ node, script }: StartedAs, { env, cwd, platform }: Surroundings): string {
  const isNpx = env['npm_command'] === 'exec' && RUN_BY_NPX.test(env['npm_lifecycle_script'] ?? '');
  if (isNpx) return 'npx tailrace';
  const word = shellWord(shortest(script, cwd), platform);
  if (basename(script) !== 'tailrace') return `${shellWord(node, platform)} ${word}`;
  if (!(env['PATH'] ?? '').split(delimiter).includes(dirname(script))) return word;
  // npm puts the project's commands on the path of its scripts, and only there.
  return env['npm_lifecycle_event'] === undefined ? 'tailrace' : 'npx tailrace';
}

/** A path as a person would type it: from the current directory, unless the whole is shorter. */
function shortest(path: string, cwd: string): string {
  const near = relative(cwd, path);
  if (near === '' || near.length >= path.length) return path;
  // A name alone would be looked up on the path.
  return near.includes('/') || near.includes('\\') ? near : `./${near}`;
}

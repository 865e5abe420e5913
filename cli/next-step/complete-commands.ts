import { shellWord } from './shell-word.ts';

/**
 * Completes the commands that a text names, such as `` `tailrace backfill orders` ``, so that each can be pasted: with the
 * words that started this command, and with the options that it was given. `` `tailrace … --yes` `` is the command that
 * runs, with all its arguments and `--yes`. Other text stays as it is.
 */
export type CompleteCommands = (text: string) => string;

/** A command between backticks; what stands before it in a pipe stays. */
const COMMAND = /`((?:[^`]*\| )?)tailrace ([a-z…][^`]*)`/g;

/** The options that a command shares with the next one. `--json` and `--debug` are about the output alone. */
const SHARED = [
  ['destination', '--destination'],
  ['profile', '--profile'],
  ['region', '--region'],
  ['endpointUrl', '--endpoint-url'],
  ['state', '--state'],
] as const;

/** The parsed options that are shared, with any others. */
export type SharedOptions = { readonly [field in (typeof SHARED)[number][0]]?: string | undefined };

/**
 * @param launcher The words that start Tailrace, such as `npx tailrace`.
 * @param options As they were given. Nothing from the environment: the next command finds that there, too.
 * @param args All arguments of the command that runs.
 */
export function completingCommands(
  launcher: string,
  options: SharedOptions,
  platform: NodeJS.Platform,
  args: readonly string[] = [],
): CompleteCommands {
  const shared = sharedWords(options, platform);
  return (text) =>
    text.replaceAll(COMMAND, (_, before: string, command: string) => {
      if (command.startsWith('… ')) return `\`${launcher} ${sameWith(command.slice(2), args, options, platform)}\``;
      const missing = shared.flatMap(([name, word]) => (hasOption(command, name) ? [] : [name, word]));
      return `\`${[`${before}${launcher}`, command, ...missing].join(' ')}\``;
    });
}

/** The given options that the next command shares, each with its value as a word of a command line. */
function sharedWords(options: SharedOptions, platform: NodeJS.Platform): (readonly [string, string])[] {
  return SHARED.flatMap(([field, name]) => {
    const value = options[field];
    if (value === undefined) return [];
    return [[name, shellWord(field === 'endpointUrl' ? withoutSecrets(value) : value, platform)] as const];
  });
}

/** The arguments as words of a command line, with further options where they can stand. */
function sameWith(
  more: string,
  args: readonly string[],
  { endpointUrl }: SharedOptions,
  platform: NodeJS.Platform,
): string {
  const safe = args.map((arg) => (endpointUrl ? arg.replace(endpointUrl, () => withoutSecrets(endpointUrl)) : arg));
  // Behind -- everything is an argument.
  const end = args.indexOf('--');
  const words = safe.map((arg) => shellWord(arg, platform));
  return words.toSpliced(end === -1 ? words.length : end, 0, more).join(' ');
}

function hasOption(command: string, name: string): boolean {
  return new RegExp(`(^|\\s)${name}([\\s=]|$)`).test(command);
}

/** An endpoint without a password or a token: a log must hold none, so the user has to fill it in. */
function withoutSecrets(endpoint: string): string {
  const url = URL.parse(endpoint);
  if (url === null) return endpoint;
  const { protocol, username, password, host, pathname, search, hash } = url;
  if (username + password + search + hash === '') return endpoint;
  return `${protocol}//${username + password === '' ? '' : '***@'}${host}${pathname}${search + hash === '' ? '' : '?***'}`;
}

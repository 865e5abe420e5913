import { shellWord } from './shell-word.ts';

/**
 * Completes the commands that a text names, such as `` `tailrace backfill orders` ``, so that each can be pasted: with the
 * words that started this command, and with the options that it was given. Other text stays as it is.
 */
export type CompleteCommands = (text: string) => string;

/** A command between backticks; what stands before it in a pipe stays. */
const COMMAND = /`((?:[^`]*\| )?)tailrace ([a-z][^`]*)`/g;

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
 */
export function completingCommands(
  launcher: string,
  options: SharedOptions,
  platform: NodeJS.Platform,
): CompleteCommands {
  const shared = sharedWords(options, platform);
  return (text) =>
    text.replaceAll(COMMAND, (_, before: string, command: string) => {
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

import { join } from 'node:path';
import { TailraceError } from '../src/errors.ts';
import type { AwsSettings } from '../src/source/aws-clients.ts';
import type { GlobalOptions } from './root.ts';

/** What every command is told besides its own options. */
export type Invocation = LocalInvocation & {
  /** As the user names it. */
  readonly destination: string;
};

/** What a command is told that needs no destination. */
export type LocalInvocation = {
  readonly aws: AwsSettings;
  /** Directory of what is kept between runs; `undefined` means the default for the table, see {@link stateOf}. */
  readonly state: string | undefined;
};

/** Three and more letters, digits, `_`, `-` and `.`, as DynamoDB has it. Two of such names are directories of their own. */
const TABLE_NAME = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{3,255}$/;

/**
 * Completes the options that every command takes from the environment.
 *
 * @throws {TailraceError} `usage-invalid` if one that is needed is missing or can't be.
 */
export function invocationOf(options: GlobalOptions, env: Readonly<Record<string, string | undefined>>): Invocation {
  const destination = options.destination ?? env['TAILRACE_DESTINATION'];
  if (!destination) {
    throw new TailraceError('usage-invalid', 'No destination is named', {
      remedy: 'Give --destination duckdb:PATH, or set TAILRACE_DESTINATION.',
    });
  }
  return { destination, ...localInvocationOf(options) };
}

/** As {@link invocationOf}, for a command that needs no destination. */
export function localInvocationOf({ profile, region, endpointUrl, state }: GlobalOptions): LocalInvocation {
  return {
    aws: {
      ...(profile !== undefined && { profile }),
      ...(region !== undefined && { region }),
      ...(endpointUrl !== undefined && { endpointUrl }),
    },
    state,
  };
}

/** The directory of what is kept between runs about `table`. */
export function stateOf({ state }: LocalInvocation, table: string): string {
  return state ?? join('.tailrace', table);
}

/** @throws {TailraceError} `usage-invalid` if no DynamoDB table could be called so. */
export function requireTableName(text: string): void {
  if (TABLE_NAME.test(text)) return;
  throw new TailraceError('usage-invalid', `"${text}" is not the name of a DynamoDB table`, {
    remedy: 'Give the name alone, not its ARN: 3 to 255 letters, digits, _ - and . are allowed.',
  });
}

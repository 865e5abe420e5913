import { join } from 'node:path';
import { DESTINATION_FORM } from '../src/destination-form.ts';
import { TailraceError } from '../src/errors.ts';
import type { AwsSettings } from '../src/source/aws-endpoints.ts';
import type { GlobalOptions } from './root.ts';
import { STATE_HOME } from './state/state-home.ts';

/** What every command gets besides its own options. */
export type Invocation = LocalInvocation & {
  /** As the user names it. */
  readonly destination: string;
};

/** What a command gets besides its own options, if it needs no destination. */
export type LocalInvocation = {
  readonly aws: AwsSettings;
  /** State directory; `undefined` means the default for the table, see {@link stateOf}. */
  readonly state: string | undefined;
  /** Gives the folder with the state of all tables, and notes it where a person may not expect it. @default `.tailrace` */
  readonly stateHome?: () => string;
};

/** DynamoDB's rule. By its length no name is `.` or `..`, which would be another directory. */
const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;

/**
 * Completes the global options from the environment.
 *
 * @throws {TailraceError} `usage-invalid` if no destination is named.
 */
export function invocationOf(options: GlobalOptions, env: Readonly<Record<string, string | undefined>>): Invocation {
  const destination = options.destination ?? env['TAILRACE_DESTINATION'];
  if (!destination) {
    throw new TailraceError('usage-invalid', 'No destination is named', {
      remedy: `Give --destination ${DESTINATION_FORM}, or set TAILRACE_DESTINATION.`,
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

/** The state directory of `table`. */
export function stateOf({ state, stateHome = () => STATE_HOME }: LocalInvocation, table: string): string {
  return state ?? join(stateHome(), table);
}

/** @throws {TailraceError} `usage-invalid` if no DynamoDB table can have this name. */
export function requireTableName(text: string): void {
  if (TABLE_NAME.test(text)) return;
  throw new TailraceError('usage-invalid', `"${text}" is not the name of a DynamoDB table`, {
    remedy: 'Give the name alone, not its ARN: 3 to 255 letters, digits, _ - and . are allowed.',
  });
}

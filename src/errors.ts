import { type ErrorKind, type ErrorPolicy, POLICIES } from './error-policy.ts';

export type { ErrorKind } from './error-policy.ts';

/** Where it went wrong: table, shard, sequence number, path, counts. Never an attribute value. */
export type ErrorContext = Readonly<Record<string, string | number | null>>;

/**
 * A failure that this tool expects and can name.
 *
 * The message is one line for a person: what failed, to what. `remedy` is the next step; it comes from the kind's
 * policy unless the thrower knows better. Neither, nor the context, ever holds an attribute value: those are
 * someone's data.
 */
export class TailraceError extends Error {
  override readonly name = 'TailraceError';
  readonly kind: ErrorKind;
  readonly context: ErrorContext;
  readonly remedy: string;

  constructor(
    kind: ErrorKind,
    message: string,
    options: { readonly context?: ErrorContext; readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.context = options.context ?? {};
    this.remedy = options.remedy ?? POLICIES[kind].remedy;
  }
}

/** Whether `error` is a {@link TailraceError} of one of `kinds`. */
export function isKind(error: unknown, ...kinds: readonly ErrorKind[]): error is TailraceError {
  return error instanceof TailraceError && kinds.includes(error.kind);
}

/** Whether text from outside names a kind. */
export function isErrorKind(value: unknown): value is ErrorKind {
  return typeof value === 'string' && Object.hasOwn(POLICIES, value);
}

/** Names anything thrown, without its message, which may quote data. */
export function nameOf(error: unknown): string {
  if (error instanceof TailraceError) return error.kind;
  if (error instanceof Error) return error.name;
  return typeof error;
}

/** A failure's fields in a log line: its kind, and its message if that is Tailrace's own. */
export function failureFields(error: unknown): { readonly error: string; readonly why?: string } {
  return { error: nameOf(error), ...(error instanceof TailraceError && { why: error.message }) };
}

const UNKNOWN: ErrorPolicy = { action: 'retry', remedy: 'Unexpected: run it again with --debug and read the cause.' };

/** The policy for any thrown thing. An unknown failure is retried: losing a change is worse than delaying a shard. */
export function policyFor(error: unknown): ErrorPolicy {
  return error instanceof TailraceError ? POLICIES[error.kind] : UNKNOWN;
}

import { TailraceError } from '../errors.ts';

/** Control characters: no warehouse takes them in a name. */
const CONTROL = /\p{Cc}/u;

/**
 * Gives `name` back if it can be a name in a warehouse at all, whatever the quoting.
 *
 * @throws {TailraceError} `config-invalid` if it is empty, or holds control characters or lone surrogates.
 */
export function checkedName(name: string): string {
  const wrong =
    name === ''
      ? 'is empty'
      : CONTROL.test(name)
        ? 'holds control characters'
        : name.isWellFormed()
          ? undefined
          : 'holds lone surrogates';
  if (wrong === undefined) return name;
  throw new TailraceError('config-invalid', `Name ${JSON.stringify(name)} ${wrong}`);
}

/**
 * Gives `value` back if it can stand in a string literal.
 *
 * @throws {TailraceError} `config-invalid` if it holds NUL, which ends a statement, or lone surrogates.
 */
export function checkedText(value: string): string {
  if (!value.includes('\0') && value.isWellFormed()) return value;
  throw new TailraceError('config-invalid', `Text ${JSON.stringify(value)} holds NUL or lone surrogates`);
}

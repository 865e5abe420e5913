import { TailraceError } from '../errors.ts';

/**
 * The refusal of a statement that does more than read.
 *
 * @param type As the destination names it, such as `EXPORT_DATA`; `undefined` if it names none.
 */
export function writingStatement(type: string | undefined): TailraceError {
  const what =
    type === undefined
      ? 'The destination does not say what this statement does'
      : `This is a statement of type ${type.replaceAll('_', ' ')}`;
  return new TailraceError('query-writes', `${what}, and a query only reads: nothing was run`);
}

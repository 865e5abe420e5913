import { TailraceError } from '../errors.ts';

/**
 * That something is nothing which can be replayed.
 *
 * @param problem The end of a sentence that begins with the name.
 */
export function unrecognised(name: string, problem: string): TailraceError {
  return new TailraceError('event-invalid', `${name} ${problem}`, {
    context: { name },
    remedy: 'What can be replayed: an event, records, the output of get-records, a failure record, or a dead letter.',
  });
}

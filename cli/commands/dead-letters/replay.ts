import type { DeadLetterStore } from '../../../src/delivery/dead-letter.ts';
import { type DeadLetterSummary, LETTERS_AT_ONCE } from '../../../src/delivery/dead-letter-summary.ts';
import { type Replayed, replayDeadLetter, tableOf } from '../../../src/delivery/replay-dead-letter.ts';
import type { Destination } from '../../../src/destination/destination.ts';
import type { KnownTable } from '../../../src/destination/known-table.ts';
import { findKnown } from '../../../src/destination/same-table.ts';
import { TailraceError } from '../../../src/errors.ts';
import { identity } from '../../../src/privacy/transform.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import { chosenLetters, type DeadLetterOptions, openDeadLetters } from '../../options/dead-letter-location.ts';
import type { ExitCode } from '../../start.ts';
import { count, counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';

export type DeadLettersReplayOptions = Invocation &
  DeadLetterOptions & { readonly ids: readonly string[]; readonly all: boolean };

/** Delivers dead letters, and archives or removes those whose record is durable. */
export async function deadLettersReplay(
  options: DeadLettersReplayOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { table } = options;
  using store = await openDeadLetters(options, dependencies);
  const letters = await chosenLetters(store, table, options);
  const fates = await replayAll(letters, store, options, dependencies, output);
  const left = [...fates].flatMap(([id, fate]) =>
    fate.fate === 'left' ? { id, left: fate.kind, reason: fate.reason } : [],
  );
  const summary = { table, location: store.name, delivered: fates.size - left.length, left: left.length };
  if (output.json) for (const object of [...left, summary]) output.emit(object);
  else {
    for (const { id, left: kind, reason } of left) output.print(`${id} is left: ${kind}, ${reason}.`);
    output.print(
      `${counted(summary.delivered, 'dead letter')} of ${table} delivered, ${count(left.length)} left in ${store.name}.`,
    );
  }
  return left.length === 0 ? 0 : 1;
}

/** The fate of each letter, by its id. */
async function replayAll(
  letters: readonly DeadLetterSummary[],
  store: DeadLetterStore,
  { table, destination: name }: DeadLettersReplayOptions,
  { openDestination, clock, signal }: Dependencies,
  output: Output,
): Promise<ReadonlyMap<string, Replayed>> {
  const arns = new Set(letters.flatMap((letter) => ('problem' in letter ? [] : (tableOf(letter) ?? []))));
  if (arns.size === 0) return new Map(letters.map((letter) => [letter.id, unusable(letter)]));

  await using destination = await openDestination(name);
  const { source, seen } = await knownOf(table, destination, arns);
  const { created } = await destination.prepare(source, identity.generation);
  if (created.length > 0) output.note(`Created in ${destination.name}: ${created.join(', ')}.`);

  const replay = { store, source, seen, destination, transform: identity, clock };
  const fates = new Map<string, Replayed>();
  const progress = output.progress();
  try {
    for (let from = 0; from < letters.length; from += LETTERS_AT_ONCE) {
      if (signal.aborted)
        throw new TailraceError('interrupted', `The replay was interrupted after ${fates.size} letters`);
      const ids = letters.slice(from, from + LETTERS_AT_ONCE).map(({ id }) => id);
      // The first failure is thrown only when all of them have ended: none continues in the background.
      const outcomes = await Promise.allSettled(ids.map((id) => replayDeadLetter(id, replay)));
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.status === 'rejected') throw outcome.reason;
        fates.set(ids[index] ?? '', outcome.value);
      }
      progress.update({
        text: `${count(fates.size)} of ${counted(letters.length, 'letter')}`,
        fraction: fates.size / letters.length,
      });
    }
  } finally {
    progress.stop();
  }
  return fates;
}

/** The table as the destination knows it, or else as the letters name it. */
async function knownOf(table: string, destination: Destination, arns: ReadonlySet<string>): Promise<KnownTable> {
  const known = await findKnown(table, destination);
  if (known !== undefined) return known;
  const [arn = '', ...others] = arns;
  if (others.length === 0) return { source: { name: table, arn, tableId: null }, seen: null };
  throw new TailraceError('record-foreign', `The letters are of ${arn} and of ${others[0]}: nothing was written`, {
    context: { table },
    remedy: 'Run `tailrace setup TABLE` for the table you mean; the letters of the others are then left.',
  });
}

function unusable(letter: DeadLetterSummary): Replayed {
  return 'problem' in letter
    ? { fate: 'left', kind: 'unreadable', reason: letter.problem }
    : { fate: 'left', kind: letter.kind, reason: 'names no stream' };
}

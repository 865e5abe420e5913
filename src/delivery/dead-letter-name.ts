import { createHash } from 'node:crypto';
import { isObject } from '../value/is-object.ts';
import type { DeadLetter } from './dead-letter.ts';

/** DynamoDB nests 32 levels; deeper values are no item's, and stay in the order in which they came. */
const MAX_DEPTH = 64;

/** The types whose values have no order. */
const SETS = ['SS', 'NS', 'BS'];

/**
 * The file name of a letter, decided by its record alone: when a record is set aside again, its letter replaces the earlier one.
 * So names of a map and elements of a set, which a server gives in any order, count in one order.
 *
 * ```text
 * 100000000000000000042-9f86d081884c7d65.json
 * ```
 */
export function deadLetterName({ sequence_number, record }: DeadLetter): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(inOneOrder(record)) ?? '')
    .digest('hex')
    .slice(0, 16);
  return `${sequence_number ?? 'unnumbered'}-${digest}.json`;
}

/** The same value, however broken, with names and the elements of sets in order of their code units. */
function inOneOrder(value: unknown, depth = 0): unknown {
  if (depth === MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((inner) => inOneOrder(inner, depth + 1));
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  const [type = ''] = names;
  const isSet = names.length === 1 && SETS.includes(type);
  // From entries, which define properties: an attribute named __proto__ is one like any other.
  return Object.fromEntries(
    names.map((name) => [name, isSet ? sorted(value[name]) : inOneOrder(value[name], depth + 1)]),
  );
}

function sorted(elements: unknown): unknown {
  const isOfTexts = Array.isArray(elements) && elements.every((element) => typeof element === 'string');
  return isOfTexts ? elements.toSorted() : elements;
}

const SUFFIX = '.json';

/** The id of a letter: its file name without `.json`. `undefined` if a file of this name is no letter. */
export function idOf(fileName: string): string | undefined {
  return fileName.endsWith(SUFFIX) ? fileName.slice(0, -SUFFIX.length) : undefined;
}

/** The name of the file that holds the letter of an id. */
export function fileNameOf(id: string): string {
  return `${id}${SUFFIX}`;
}

import { objectNames, RESERVED_PREFIX } from '../../names/object-names.ts';
import { distinctNames, legalName } from './column-names.ts';
import type { Kind } from './kinds.ts';
import { snakeCase } from './name-words.ts';
import { isReserved, unreserved } from './reserved-words.ts';

/**
 * Names of views, in snake case: the most telling word, or more of them where that isn't enough. None is a word that queries
 * would have to quote.
 */
export function kindNames(
  kinds: readonly Pick<Kind, 'word' | 'words'>[],
  table: string,
  others: readonly string[],
): readonly string[] {
  const short = kinds.map(({ word }) => nameOfKind(word));
  const names = kinds.map(({ words }, index) => {
    const isShared = short.some((other, at) => at !== index && other === short[index]);
    return isShared && words.length > 1 ? joined(words) : (short[index] as string);
  });
  const taken = [...takenNames(table), ...others.map((name) => name.toLowerCase())];
  const isTaken = (name: string) =>
    taken.includes(name.toLowerCase()) ||
    name.toLowerCase().startsWith(RESERVED_PREFIX) ||
    name.toLowerCase().startsWith(objectNames(table).snapshot('').toLowerCase());
  const free = (name: string) => {
    if (!isReserved(name)) return isTaken(name) ? `${name}_items` : name;
    const plural = unreserved(name);
    // A plural is often the table's own name.
    return plural === undefined || isTaken(plural) ? legalName(`${objectNames(table).typed}_${name}`) : plural;
  };
  return distinctNames(names.map(free), taken);
}

/** Each word once: an item of both keys `USER#17` is no `user_user`. */
function joined(words: readonly string[]): string {
  return [...new Set(words.map(nameOfKind))].join('_');
}

function nameOfKind(word: string): string {
  return legalName(snakeCase(word) || 'kind');
}

/** The names of the table's own objects, in small letters. */
export function takenNames(table: string): readonly string[] {
  const { changelog, state, latest, typed } = objectNames(table);
  return [changelog, state, latest, typed].map((name) => name.toLowerCase());
}

import { problemOfName } from '../column-name.ts';

import type { PathStep } from '../path.ts';

/** Room for a number behind it, within the 300 characters of a column's name. */
const MAX_LENGTH = 290;

/** Columns that every typed view has by itself: an attribute of this name must not take their place. */
const OWN = new Set(['changed_at', 'position', 'index']);

/**
 * A legal name for the column of a path: the attribute's own where it can be, else its letters, digits and low lines.
 *
 * ```text
 * ["address", "city"]  →  address_city
 * "utm.source"         →  utm_source
 * ```
 */
export function columnName(path: readonly PathStep[]): string {
  return legalName(namesOf(path).join('_'));
}

/** The names and indexes of a path, a repeated one once. A step into text or to elements has none. */
export function namesOf(path: readonly PathStep[]): readonly (string | number)[] {
  return path.filter((step) => typeof step !== 'object').filter((step, index, steps) => step !== steps[index - 1]);
}

/** As {@link columnName}, for any text. */
export function legalName(text: string): string {
  const plain = text
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .slice(0, MAX_LENGTH);
  const named = /^_*$/.test(plain) ? `column${plain}` : /^\d/.test(plain) ? `_${plain}` : plain;
  if (OWN.has(named.toLowerCase())) return `item_${named}`;
  return problemOfName(named) === undefined ? named : `item${named}`;
}

/**
 * The names, each made different from those before it and from the taken ones, without case: the later one gets a number.
 */
export function distinctNames(names: readonly string[], taken: readonly string[] = []): readonly string[] {
  const used = new Set(taken.map((name) => name.toLowerCase()));
  return names.map((name) => {
    let next = name;
    for (let nth = 2; used.has(next.toLowerCase()); nth++) next = `${name}_${nth}`;
    used.add(next.toLowerCase());
    return next;
  });
}

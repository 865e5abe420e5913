import type { PathStep } from '../path.ts';
import { legalName } from './column-names.ts';
import { snakeCase } from './name-words.ts';
import type { PathFacts } from './path-facts.ts';
import { type FittingType, scalarType } from './scalar-type.ts';
import type { SplitFacts } from './split-facts.ts';

/** A part of a composite text is named for the last word before it: `DEVICE#001` gives `device_id`. */
const WORD = /^[A-Za-z][A-Za-z_-]{1,29}$/;

/** The keys of indexes repeat what other attributes have. */
const INDEX_KEY = /^(?:gsi|lsi)|\d+_?[ps]k$|[ps]k_?\d+$/i;

/** Texts of these beginnings are names of other systems, and their parts mean nothing by themselves. */
const SCHEMES = /^(?:arn|urn|did|tel|mailto|data|spiffe|sha\d*|md5)$/i;

/** How addresses of networks begin, which have at least so many groups: the first ones are often those of all. */
const HEX_GROUP = /^[0-9a-f]{1,4}$/i;
const LEAST_GROUPS = 4;

/** What a part of this type is called behind its word. */
const TIMES: Readonly<Partial<Record<FittingType['type'], string>>> = {
  DATE: 'date',
  TIMESTAMP: 'time',
  DATETIME: 'time',
  TIME: 'time',
};

/** A part of a composite text that has a column. */
export type SplitPart = {
  readonly index: number;
  readonly name: string;
  readonly part: PathFacts;
  readonly fitting: FittingType;
};

/**
 * The parts of texts that deserve a column: those that differ, where all texts have the same parts. They are named for the
 * word before them.
 *
 * ```text
 * DEVICE#001              →  device_id
 * ORDER#2026-11-22#17     →  order_date, order_id
 * ORDER#a#b               →  order_part_2, order_part_3
 * a#b                     →  SK_part_1, SK_part_2
 * ```
 *
 * @param name The name of the attribute's column.
 */
export function splitParts(
  facts: PathFacts,
  path: readonly PathStep[],
  { name, isKey }: { readonly name: string; readonly isKey: boolean },
): readonly SplitPart[] {
  const { split, numbers, bools } = facts;
  if (!split || numbers !== undefined || bools > 0 || !isTelling(split)) return [];
  if (!isKey && INDEX_KEY.test(String(path.findLast((step) => typeof step === 'string') ?? ''))) return [];
  const parts = split.parts.flatMap((part, index) => {
    if (split.constants[index] !== null) return [];
    return [{ index, part, fitting: scalarType(part, ''), word: wordBefore(split.constants, index) }];
  });
  return parts.map(({ word, ...one }) => {
    const what = TIMES[one.fitting.type];
    const beside = parts.filter((other) => other.word === word && TIMES[other.fitting.type] === what);
    const isOnly = word !== undefined && beside.length === 1;
    const named = isOnly ? `${word}_${what ?? 'id'}` : `${word ?? name}_part_${one.index + 1}`;
    return { ...one, name: legalName(named) };
  });
}

/** Colons stand in many texts: only behind a word that is always the same do they separate parts. */
function isTelling({ separator, constants, parts }: SplitFacts<PathFacts>): boolean {
  const [first] = constants;
  if (separator === ':' && parts.length >= LEAST_GROUPS && HEX_GROUP.test(first ?? '')) return false;
  return separator !== ':' || (typeof first === 'string' && WORD.test(first) && !SCHEMES.test(first));
}

/** The last word before a part, in snake case. */
function wordBefore(constants: readonly (string | null)[], index: number): string | undefined {
  const word = constants.slice(0, index).findLast((constant) => constant !== null);
  return word !== undefined && word !== null && WORD.test(word) ? snakeCase(word) : undefined;
}

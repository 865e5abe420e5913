import type { SchemaType } from '../column-type.ts';
import type { FormatName } from '../value-format.ts';
import type { NumberFacts } from './number-facts.ts';
import type { PathFacts } from './path-facts.ts';
import { thousands } from './sentences.ts';
import type { TextKind } from './text-kind.ts';
import { epochUnit, isTimeName } from './time-names.ts';

/** A type for scalars that all of them fit, its format, and why where it isn't plain. */
export type FittingType = {
  readonly type: SchemaType;
  readonly format?: FormatName;
  readonly why: readonly string[];
};

/** What NUMERIC and BIGNUMERIC hold before the point, and behind it. */
const NUMERIC = { whole: 29, places: 9 };
const BIGNUMERIC = { whole: 38, places: 38 };

const TIMES: readonly {
  readonly kinds: readonly TextKind[];
  readonly type: SchemaType;
  /** The format that a text of more than microseconds needs. */
  readonly long?: FormatName;
  readonly why?: string;
}[] = [
  { kinds: ['date'], type: 'DATE' },
  { kinds: ['time'], type: 'TIME' },
  {
    kinds: ['local', 'local-nanoseconds'],
    type: 'DATETIME',
    long: 'iso8601_local',
    why: 'Local time of no zone.',
  },
  { kinds: ['zoned', 'zoned-nanoseconds'], type: 'TIMESTAMP', long: 'iso8601_nanoseconds' },
];

/** What a text of another type may nearly be, and the part of the texts from which that is worth to be said. */
const NEARLY = [
  { kinds: ['date'], are: 'are dates' },
  { kinds: ['time'], are: 'are times of day' },
  { kinds: ['local', 'local-nanoseconds'], are: 'are times of no zone' },
  { kinds: ['zoned', 'zoned-nanoseconds'], are: 'are times' },
  { kinds: ['json'], are: 'look like JSON' },
] as const satisfies readonly { readonly kinds: readonly TextKind[]; readonly are: string }[];
const NEARLY_ALL = 0.9;

/**
 * The narrowest exact type that all scalars at a path fit. FLOAT64, which rounds, is never the one: STRING takes every number
 * as its decimal.
 *
 * @param name The attribute's: numbers are times only if it says so.
 */
export function scalarType(facts: PathFacts, name: string): FittingType {
  const { bools, texts, numbers } = facts;
  if (bools > 0) return texts === 0 && numbers === undefined ? { type: 'BOOL', why: [] } : { type: 'STRING', why: [] };
  return epochType(facts, name) ?? (texts === 0 && numbers ? numberType(numbers) : undefined) ?? textType(facts);
}

function numberType(numbers: NumberFacts): FittingType {
  if (numbers.exponents > 0)
    return { type: 'STRING', why: ['Numbers with exponents, which only STRING takes as they are.'] };
  if (numbers.places === 0 && numbers.isInt64) return { type: 'INT64', why: [] };
  if (fits(numbers, NUMERIC)) return { type: 'NUMERIC', why: [] };
  if (fits(numbers, BIGNUMERIC)) return { type: 'BIGNUMERIC', why: [bigSentence(numbers)] };
  return { type: 'STRING', why: ['Numbers of more digits than any exact type holds: FLOAT64 would round them.'] };
}

/** BIGNUMERIC has no counterpart in DuckDB and Tableau: whoever reads the file may prefer a type that rounds. */
function bigSentence({ places }: NumberFacts): string {
  const why = places > NUMERIC.places ? `More than ${NUMERIC.places} decimals` : `More than ${NUMERIC.whole} digits`;
  return `${why}: BIGNUMERIC, which is text in DuckDB and Tableau; FLOAT64 would round it.`;
}

function fits({ whole, places }: NumberFacts, most: typeof NUMERIC): boolean {
  return whole <= most.whole && places <= most.places;
}

/** Numbers, or the text of numbers, that by name and range are times. */
function epochType({ texts, kinds, numbers, digits }: PathFacts, name: string): FittingType | undefined {
  const found = [numbers, digits].filter((one) => one !== undefined);
  if (found.length === 0 || texts !== (kinds.get('digits') ?? 0) || !isTimeName(name)) return undefined;
  const epoch = epochUnit(found);
  if (epoch === undefined) return undefined;
  const zeros = found.reduce((sum, one) => sum + one.zeros, 0);
  return {
    type: 'TIMESTAMP',
    format: epoch.format,
    why: [
      `A guess by name and range: ${epoch.unit} since 1970.`,
      ...(zeros > 0 ? [`0 in ${thousands(zeros)}, which is 1970-01-01.`] : []),
    ],
  };
}

function textType({ texts, kinds, numbers }: PathFacts): FittingType {
  const count = (among: readonly TextKind[]) => among.reduce((sum, kind) => sum + (kinds.get(kind) ?? 0), 0);
  const empty = count(['empty']);
  const time = TIMES.find(({ kinds: among }) => count(among) > 0 && count(among) + empty === texts);
  if (numbers !== undefined) return { type: 'STRING', why: [] };
  if (time === undefined) return { type: 'STRING', why: nearlySentence(texts - empty, count) };
  if (empty > 0) return { type: 'STRING', why: [`Empty in ${thousands(empty)}, and else ${time.type}.`] };
  return {
    type: time.type,
    ...(time.long !== undefined && count(time.kinds.slice(1)) > 0 && { format: time.long }),
    why: time.why === undefined ? [] : [time.why],
  };
}

/** What nearly all texts are, but not all. */
function nearlySentence(filled: number, count: (among: readonly TextKind[]) => number): readonly string[] {
  const nearly = NEARLY.find(({ kinds }) => count(kinds) >= filled * NEARLY_ALL && count(kinds) > 0);
  if (nearly === undefined) return [];
  const found = count(nearly.kinds);
  // Each begins like JSON; what isn't was not counted.
  if (found === filled) return ['Looks like JSON, but not all of it is.'];
  return [`${thousands(found)} of ${thousands(filled)} ${nearly.are}.`];
}

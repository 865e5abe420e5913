import type { PathStep } from '../path.ts';
import type { PathFacts } from './path-facts.ts';
import { personalName } from './personal-names.ts';
import { PERSONAL_KINDS, type TextKind } from './text-kind.ts';

/** What presence is thousands in: the items of a view, or the elements of a list. */
export type Whole = { readonly count: number; readonly noun: 'item' | 'element' };

/** Of the texts, the part that must have a personal form: some are empty or malformed. */
const MOST = 0.5;

/** How many of the whole have a value: `In 97 % of 10,000 items.` */
export function presence(values: number, { count, noun }: Whole): string {
  const all = `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;
  if (values >= count) return count === 1 ? `In the only ${noun}.` : `In all ${all}.`;
  const percent = (values / count) * 100;
  const share = percent < 1 ? 'under 1' : percent > 99 ? 'over 99' : String(Math.round(percent));
  return `In ${share} % of ${all}.`;
}

/** How many values are NULL, if any are. */
export function nullSentence({ nulls, values }: PathFacts): readonly string[] {
  if (nulls === 0) return [];
  return [nulls === values ? 'Always NULL.' : `NULL in ${thousands(nulls)}.`];
}

/** Which types the values have, if there are several. */
export function mixtureSentence({ texts, bools, maps, lists, numbers }: PathFacts): readonly string[] {
  const types = [
    ['text', texts],
    ['number', numbers?.count ?? 0],
    ['boolean', bools],
    ['object', maps],
    ['list', lists],
  ] as const;
  const found = types.filter(([, count]) => count > 0);
  if (found.length < 2) return [];
  return [`Mixed types: ${found.map(([type, count]) => `${type} ${thousands(count)}`).join(', ')}.`];
}

/** Where a value stands: see {@link personalName}. */
export type PersonalContext = {
  readonly path: readonly PathStep[];
  readonly about: readonly string[];
  readonly beside?: readonly string[];
};

/** What a value tells of a person, by the names on its path or by the form of its texts; nothing if it doesn't. */
export function personalSentence(facts: PathFacts, { path, about, beside }: PersonalContext): readonly string[] {
  const names = path.filter((step) => typeof step === 'string');
  const what = personalForm(facts) ?? sayingName(facts, personalName(names, about, beside));
  return what === undefined ? [] : [`Looks personal: ${what}.`];
}

/** A text's kind that makes most of the texts, empty ones aside. */
export function kindOfMost({ kinds, texts }: PathFacts, among: readonly TextKind[]): TextKind | undefined {
  const filled = texts - (kinds.get('empty') ?? 0);
  return among.find((kind) => (kinds.get(kind) ?? 0) > filled * MOST);
}

/** A number with thousands apart. */
export function thousands(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function personalForm(facts: PathFacts): string | undefined {
  return kindOfMost(facts, PERSONAL_KINDS);
}

/** What a name says, but of values that can't be that: yes and no is no phone number, and an id is nobody's name. */
function sayingName(facts: PathFacts, what: string | undefined): string | undefined {
  if (what !== 'health' && facts.bools > 0 && facts.bools + facts.nulls === facts.values) return undefined;
  return what === 'name of a person' && kindOfMost(facts, ['uuid']) !== undefined ? undefined : what;
}

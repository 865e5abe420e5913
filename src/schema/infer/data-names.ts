import { MAX_NAMES, type PathFacts } from './path-facts.ts';

/** Names that are somebody's or something's id, and no word of a model: digits, UUIDs, hashes, ULIDs, dates, addresses. */
const DATA = [
  /^\d+$/,
  /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i,
  /^(?=.*\d)[0-9a-f]{12,}$/i,
  /^(?=.*\d)[0-9A-HJKMNP-TV-Z]{26}$/i,
  /^\d{4}-\d\d(?:-\d\d.*)?$/,
  /^(?=.*\d)[A-Za-z]{0,12}[#:|/_-].*\d{2,}/,
  /@/,
  /^\+?\d[\d ()./-]+$/,
  /#/,
];

/** The least names of a map, and how full its maps are at most, for names that come and go to be data: of values of any type. */
const FEW_NAMES = 10;
const SPARSE = 0.2;

/**
 * As above, for scalars of one type; and in how many of the maps the commonest name is at most. A model has some attribute that
 * nearly all have, but for texts, most of which may be optional; scores and counts by somebody's name have none.
 */
const FEW_SCALARS = 8;
const SPARSE_SCALARS = {
  numbers: { mean: 0.6, most: 0.9 },
  bools: { mean: 0.4, most: 0.75 },
  texts: { mean: 0.3, most: 0.5 },
} as const;

/** Of the names of a map, the part that looks like data if all are. */
const MOST = 0.5;

/** Whether an attribute's name looks like a value: of such a name no column is made. */
export function isDataName(name: string): boolean {
  return name.length > 255 || DATA.some((form) => form.test(name));
}

/** Whether the names of a map are data, as in a map keyed by user: then it is one JSON column. */
export function isKeyedByData({ members, maps, emptyMaps }: PathFacts): boolean {
  if (members === null) return true;
  if (members === undefined || members.size === 0) return false;
  const names = [...members.keys()];
  if (names.length >= MAX_NAMES) return true;
  const dataNames = names.filter(isDataName).length;
  if (dataNames > 0 && (dataNames >= names.length * MOST || names.some((name) => name.includes('@')))) return true;
  // An empty map says nothing of which names stand together.
  const filled = maps - emptyMaps;
  const counts = [...members.values()].map(({ values }) => values / filled);
  const mean = counts.reduce((sum, one) => sum + one, 0) / names.length;
  if (!areAlike([...members.values()])) return false;
  if (names.length >= FEW_NAMES && mean < SPARSE) return true;
  const one = [...members.values()].find(({ values, nulls }) => values > nulls);
  const scalar = one && scalarOf(one);
  if (scalar === undefined || names.length < FEW_SCALARS) return false;
  const { mean: least, most } = SPARSE_SCALARS[scalar];
  return mean < least && Math.max(...counts) < most;
}

/** Whether all members have values of one type: attributes of a model seldom have. */
function areAlike(members: readonly PathFacts[]): boolean {
  return new Set(members.filter(({ values, nulls }) => values > nulls).map(typeOf)).size <= 1;
}

/** Which of the scalars the values are; `undefined` for maps and lists. */
function scalarOf({ texts, numbers, bools }: PathFacts): keyof typeof SPARSE_SCALARS | undefined {
  if (texts > 0) return 'texts';
  return numbers === undefined ? (bools > 0 ? 'bools' : undefined) : 'numbers';
}

function typeOf({ maps, lists, texts, numbers, bools }: PathFacts): string {
  return [maps > 0, lists > 0, texts > 0, numbers !== undefined, bools > 0].join();
}

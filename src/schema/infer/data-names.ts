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

/** The least names of a map, and how full its maps are at most, for names that come and go to be data. */
const FEW_NAMES = 10;
const SPARSE = 0.2;

/** Of the names of a map, the part that looks like data if all are. */
const MOST = 0.5;

/** Whether an attribute's name looks like a value: of such a name no column is made. */
export function isDataName(name: string): boolean {
  return name.length > 255 || DATA.some((form) => form.test(name));
}

/** Whether the names of a map are data, as in a map keyed by user: then it is one JSON column. */
export function isKeyedByData({ members, maps }: PathFacts): boolean {
  if (members === null) return true;
  if (members === undefined || members.size === 0) return false;
  const names = [...members.keys()];
  if (names.length >= MAX_NAMES) return true;
  const dataNames = names.filter(isDataName).length;
  if (dataNames > 0 && (dataNames >= names.length * MOST || names.some((name) => name.includes('@')))) return true;
  if (names.length < FEW_NAMES) return false;
  const present = [...members.values()].reduce((sum, { values }) => sum + values, 0);
  return present < SPARSE * maps * names.length && areAlike([...members.values()]);
}

/** Whether all members have values of one type: attributes of a model seldom have. */
function areAlike(members: readonly PathFacts[]): boolean {
  return new Set(members.map(typeOf)).size === 1;
}

function typeOf({ maps, lists, texts, numbers, bools }: PathFacts): string {
  return [maps > 0, lists > 0, texts > 0, numbers !== undefined, bools > 0].join();
}

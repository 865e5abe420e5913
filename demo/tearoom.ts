import { counted } from '../cli/terminal/format.ts';
import type { Random } from '../src/random.ts';
import { pick, whole } from './chance.ts';
import { revised, type ShopItem, type ShopTable } from './shop-table.ts';

/** What the application of the tea room stores in its one table. */
type Kind = {
  /** What the sort key of its items begins with. */
  readonly begins: string;
  /** @param known How many customers there are, numbered from 0. */
  first(serial: string, known: number, at: number, random: Random): ShopItem;
  next(item: ShopItem, random: Random): ShopItem;
};

const TEAS = ['EARL-GREY', 'SENCHA', 'ASSAM', 'OOLONG', 'ROOIBOS'];
const CITIES = ['Berlin', 'Kraków', 'Zürich', 'Århus'];
const NAMES = ['Ada', 'Bo', 'Chidi', 'Dörte', 'Emre', 'Fumiko', 'Gaël', 'Hind'];
const SYSTEMS = ['Android', 'iOS', 'Windows'];

const DAY_MS = 86_400_000;

/** A cart is forgotten after a week. */
const CART_MS = 7 * DAY_MS;

const CUSTOMER: Kind = {
  begins: 'PROFILE',
  first: (_, known, at, random) => ({
    PK: { S: `CUSTOMER#${padded(known, 4)}` },
    SK: { S: 'PROFILE' },
    name: { S: pick(NAMES, random) },
    city: { S: pick(CITIES, random) },
    joined: { N: String(at) },
    points: { N: '0' },
    // As applications do that keep what they never look at: JSON in a text.
    preferences: { S: JSON.stringify({ milk: random.next() < 0.3, favourites: [pick(TEAS, random)] }) },
  }),
  next: (item, random) => revised(item, { points: more(item, 'points', 1 + whole(random, 20)) }),
};

const VISIT: Kind = {
  begins: 'VISIT#',
  first: (serial, known, at, random) => ({
    PK: { S: `CUSTOMER#${padded(whole(random, known), 4)}` },
    SK: { S: `VISIT#${localTime(at)}#${serial}` },
    guests: { N: String(1 + whole(random, 4)) },
    spent: { N: `${5 + whole(random, 40)}.${padded(whole(random, 20) * 5, 2)}` },
  }),
  next: (item, random) => revised(item, { guests: more(item, 'guests', whole(random, 2)) }),
};

const REVIEW: Kind = {
  begins: 'REVIEW#',
  first: (serial, known, at, random) => ({
    PK: { S: `TEA#${pick(TEAS, random)}` },
    SK: { S: `REVIEW#${padded(whole(random, known), 4)}#${serial}` },
    rating: { N: String(3 + whole(random, 3)) },
    helpful: { N: '0' },
    written: { N: String(at) },
    client: { S: JSON.stringify({ app: pick(['web', 'phone'], random), os: { name: pick(SYSTEMS, random) } }) },
  }),
  next: (item) => revised(item, { helpful: more(item, 'helpful', 1) }),
};

const STOCK: Kind = {
  begins: 'STOCK#',
  first: (serial, _, at, random) => ({
    PK: { S: `TEA#${pick(TEAS, random)}` },
    SK: { S: `STOCK#${pick(['A', 'B', 'C'], random)}${1 + whole(random, 4)}#${serial}` },
    grams: { N: '5000' },
    best_before: { S: new Date(at + (300 + whole(random, 300)) * DAY_MS).toISOString().slice(0, 10) },
  }),
  next: (item, random) => revised(item, { grams: more(item, 'grams', -whole(random, 50)) }),
};

const CART: Kind = {
  begins: 'CART',
  first: (serial, _, at, random) => ({
    PK: { S: `CART#${random.hex(8)}${serial}` },
    SK: { S: 'CART' },
    teas: { SS: TEAS.slice(0, 1 + whole(random, TEAS.length)) },
    // The attribute of DynamoDB's TTL is in seconds.
    expires: { N: String(Math.floor((at + CART_MS) / 1000)) },
  }),
  next: (item) => revised(item, { expires: more(item, 'expires', 60) }),
};

const KINDS = [CUSTOMER, VISIT, REVIEW, STOCK, CART];

/** The kind of each item, in turn: there is a customer before there is a visit. */
const TURN = [CUSTOMER, VISIT, VISIT, REVIEW, VISIT, REVIEW, STOCK, CART] as const;

/** The table of the shop's tea room: a single-table design, whose items are of several kinds, told apart by their keys. */
export const TEAROOM: ShopTable = {
  name: 'Tearoom',
  counted: (items) => `${counted(items, 'item')} of ${KINDS.length} kinds`,
  share: 1,
  form: (name) => ({
    TableName: name,
    KeySchema: [
      { AttributeName: 'PK', KeyType: 'HASH' },
      { AttributeName: 'SK', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'PK', AttributeType: 'S' },
      { AttributeName: 'SK', AttributeType: 'S' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  }),
  first(serial, at, random) {
    const before = serial - 1;
    const kind = TURN[before % TURN.length] ?? CUSTOMER;
    const rounds = Math.floor(before / TURN.length);
    const known = kind === CUSTOMER ? rounds : rounds + 1;
    return { ...kind.first(padded(serial, 6), known, at, random), revision: { N: '1' } };
  },
  next(item, random) {
    const kind = KINDS.find(({ begins }) => item['SK']?.S?.startsWith(begins));
    if (kind === undefined) throw new TypeError('An item of the tea room is of one of its kinds');
    return kind.next(item, random);
  },
  keyOf({ PK, SK }) {
    if (!PK || !SK) throw new TypeError('An item of the tea room has PK and SK');
    return { PK, SK };
  },
};

/** The time on the wall in Berlin, which says of no zone: `2026-11-22T16:30:00`. */
function localTime(at: number): string {
  return new Date(at).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' }).replace(' ', 'T');
}

function more(item: ShopItem, attribute: string, by: number): { readonly N: string } {
  return { N: String(Number(item[attribute]?.N) + by) };
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, '0');
}

import { canonicalDecimal } from '../../value/decimal.ts';
import { jsonOfDecimal } from '../../value/json-number.ts';
import { isoKind } from './iso-text.ts';
import { personalKind } from './personal-text.ts';

/**
 * What a text looks like. Each text is of one kind, so that counts of kinds say what all values of a path are, in whatever
 * order they come.
 */
export const TEXT_KINDS = [
  'other',
  'empty',
  'date',
  'time',
  'local',
  'local-nanoseconds',
  'zoned',
  'zoned-nanoseconds',
  'digits',
  'decimal',
  'json',
  'base64',
  'uuid',
  'e-mail address',
  'phone number',
  'IBAN',
  'IP address',
  'card number',
  'national id',
] as const;

export type TextKind = (typeof TEXT_KINDS)[number];

/** Those that are somebody's. Their words are what a description says. */
export const PERSONAL_KINDS = [
  'e-mail address',
  'phone number',
  'IBAN',
  'IP address',
  'card number',
  'national id',
] as const satisfies readonly TextKind[];

const SPACE = 0x20;
const BRACE = 0x7b;
const BRACKET = 0x5b;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** The longest text that has a kind of its own, except for JSON: a longer one is prose. */
const MAX_LENGTH = 128;

/** The most digits of an integer that is a JSON number whatever they are. */
const SURE_DIGITS = 15;

/** Shorter text of this alphabet is taken for a word or an id, unless it is padded. */
const MIN_BASE64 = 16;

const UUID_LENGTH = 36;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The kind of a text. JSON is only suspected: its first character tells. */
export function textKind(text: string): TextKind {
  const { length } = text;
  if (length === 0) return 'empty';
  const first = text.charCodeAt(0);
  if (first === BRACE || first === BRACKET) return 'json';
  if (length > MAX_LENGTH) return isBase64(text) ? 'base64' : 'other';
  if (length === UUID_LENGTH && UUID.test(text)) return 'uuid';
  if (first >= ZERO && first <= NINE) {
    const iso = isoKind(text);
    if (iso !== undefined) return iso;
  }
  if ((first >= ZERO && first <= NINE) || first === MINUS) {
    const personal = personalKind(text);
    if (personal !== undefined) return personal;
    if (DECIMAL.test(text)) return text.includes('.') ? 'decimal' : 'digits';
  }
  return first > SPACE ? (personalKind(text) ?? (isBase64(text) ? 'base64' : 'other')) : 'other';
}

/**
 * Whether a text in Tailrace's JSON is a number: one that not every engine prints alike. Text that would have been a JSON
 * number, such as a zip code, is true text. So are the digits of a text that are too many for a JSON number a number:
 * nothing in the JSON tells the two apart.
 */
export function isNumberText(text: string): boolean {
  const first = text.charCodeAt(0);
  if (first > NINE || (first < ZERO && first !== MINUS)) return false;
  // Most texts of digits are short.
  if (text.length <= SURE_DIGITS && !text.includes('.')) return false;
  return canonicalDecimal(text) === text && jsonOfDecimal(text).startsWith('"');
}

/** Text of both cases and with digits, long enough to be no word, or padded. Most ids and words lack one of these. */
function isBase64(text: string): boolean {
  return (
    text.length % 4 === 0 &&
    (text.length >= MIN_BASE64 || text.endsWith('=')) &&
    BASE64.test(text) &&
    /[A-Z]/.test(text) &&
    /[a-z]/.test(text) &&
    /[0-9+/=]/.test(text)
  );
}

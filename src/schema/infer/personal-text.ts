/** Kinds of text that tell of a person by their form alone. */
export type PersonalKind = 'e-mail address' | 'phone number' | 'IBAN' | 'IP address' | 'card number' | 'national id';

/** The longest that is looked at; an e-mail address is hardly longer. */
const MAX_LENGTH = 100;
/** No form is shorter: an IP address of single digits. */
const MIN_LENGTH = 7;

const EMAIL = /^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+\.[\p{L}]{2,24}$/u;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;
const IPV6 = /^(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?=.*::)(?!.*::.*::)(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})$/i;
const IBAN = /^[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?$/;
/** None begins with 1, as times in milliseconds do. */
const CARD = /^[2-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{2,7}$|^3[47]\d\d([ -]?)\d{6}\2\d{5}$/;
const PHONE = /^(?:\+|00)[1-9][\d ()./-]{5,20}\d$|^\(\d{3}\) ?\d{3}-\d{4}$|^\d{3}-\d{3}-\d{4}$/;

const SPACE = 0x20;
const PARENTHESIS = 0x28;
const PLUS = 0x2b;
const ZERO = 0x30;
const NINE = 0x39;
const CAPITAL_A = 0x41;
const CAPITAL_Z = 0x5a;

/**
 * National ids whose form is like nothing else: of the United States and Brazil, the United Kingdom, Italy, and Spain. Those of
 * digits alone, such as the German and the Dutch, are known by the names of their attributes only.
 */
const SSN_OR_CPF = /^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$|^\d{3}\.\d{3}\.\d{3}-\d{2}$/;
const NINO = /^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]$/;
const CODICE_FISCALE = /^[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]$/;
const DNI = /^([XYZ]?)(\d{7,8})-?([A-Z])$/;
const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** The kind of personal data that a text has the form of; `undefined` if none. Where there are check digits, they are right. */
export function personalKind(text: string): PersonalKind | undefined {
  const { length } = text;
  if (length > MAX_LENGTH) return undefined;
  if (text.includes('@')) return EMAIL.test(text) ? 'e-mail address' : undefined;
  if (length < MIN_LENGTH || length > 45) return text.startsWith('::') && IPV6.test(text) ? 'IP address' : undefined;
  if (text.includes(':')) return IPV6.test(text) ? 'IP address' : undefined;
  const first = text.charCodeAt(0);
  if (first >= CAPITAL_A && first <= CAPITAL_Z) return kindOfLetters(text);
  const isNumber = (first >= ZERO && first <= NINE) || first === PLUS || first === PARENTHESIS;
  return isNumber ? kindOfDigits(text) : undefined;
}

function kindOfDigits(text: string): PersonalKind | undefined {
  if (IPV4.test(text)) return 'IP address';
  if (CARD.test(text) && passesLuhn(text)) return 'card number';
  if (SSN_OR_CPF.test(text) || isDni(text)) return 'national id';
  return PHONE.test(text) ? 'phone number' : undefined;
}

/** Words begin as none of these do: a digit is among the first three characters, or there are sixteen. */
function kindOfLetters(text: string): PersonalKind | undefined {
  if (isDigitOrSpace(text.charCodeAt(1))) return isDni(text) ? 'national id' : undefined;
  if (isDigitOrSpace(text.charCodeAt(2))) {
    if (NINO.test(text)) return 'national id';
    return IBAN.test(text) && passesMod97(text) ? 'IBAN' : undefined;
  }
  return text.length === 16 && CODICE_FISCALE.test(text) ? 'national id' : undefined;
}

function isDigitOrSpace(code: number): boolean {
  return (code >= ZERO && code <= NINE) || code === SPACE;
}

/** Source: ISO/IEC 7812-1, annex B: the last digit of a card number makes this sum a multiple of ten. */
function passesLuhn(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  return sum % 10 === 0;
}

/** Source: ISO 13616: the country and the check digits go to the end, letters become numbers, and the rest by 97 is 1. */
function passesMod97(text: string): boolean {
  const compact = text.replaceAll(' ', '');
  const moved = compact.slice(4) + compact.slice(0, 4);
  let rest = 0;
  for (const character of moved) rest = Number(`${rest}${Number.parseInt(character, 36)}`) % 97;
  return rest === 1;
}

/** The letter of a Spanish DNI or NIE is the number's rest by 23. */
function isDni(text: string): boolean {
  const [, first = '', digits = '', letter] = DNI.exec(text) ?? [];
  if (digits.length !== (first === '' ? 8 : 7)) return false;
  return DNI_LETTERS[Number(`${first === '' ? '' : 'XYZ'.indexOf(first)}${digits}`) % 23] === letter;
}

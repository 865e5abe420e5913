import { grisu2 } from '../../../src/value/grisu2.ts';
import { type Decimal, plainNumber, type Value } from './arbitraries.ts';

/** The canonical text of a value, by its definition. It shares no code with the product but BigQuery's digits. */
export function canonicalModel(value: Value): string {
  switch (value.kind) {
    case 'text':
      return JSON.stringify(value.text);
    case 'binary':
      return JSON.stringify(base64(value.text));
    case 'number':
      return numberModel(plainNumber(value.number));
    case 'bool':
      return String(value.value);
    case 'null':
      return 'null';
    case 'list':
      return `[${value.values.map(canonicalModel).join(',')}]`;
    case 'map':
      return `{${value.entries
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, inner]) => `${JSON.stringify(name)}:${canonicalModel(inner)}`)
        .join(',')}}`;
    case 'texts':
      return `[${value.texts.toSorted().map((text) => JSON.stringify(text))}]`;
    case 'binaries':
      return `[${value.texts
        .map(base64)
        .sort()
        .map((text) => JSON.stringify(text))}]`;
    case 'numbers':
      return `[${value.numbers.toSorted((a, b) => Number(scaled(a) - scaled(b))).map((number) => numberModel(plainNumber(number)))}]`;
  }
}

/** A number as an integer of 10^-130. */
export function scaled({ negative, digits, power }: Decimal): bigint {
  const magnitude = BigInt(digits) * 10n ** BigInt(power + 130);
  return negative ? -magnitude : magnitude;
}

/**
 * A JSON number if JavaScript and BigQuery both print exactly this number, without an exponent; otherwise its digits as
 * text. BigQuery's digits are always worked out in full.
 *
 * @param plain All digits, without an exponent.
 */
export function numberModel(plain: string): string {
  const number = Number(plain);
  if (String(number) !== plain) return `"${plain}"`;
  if (!plain.includes('.')) return Number.isSafeInteger(number) ? plain : `"${plain}"`;
  const magnitude = Math.abs(number);
  if (magnitude < 0.0001 || magnitude >= 1e15) return `"${plain}"`;
  const { digits, exponent } = grisu2(magnitude);
  const [, fraction = ''] = plain.split('.');
  const isPrinted = exponent === -fraction.length && digits === BigInt(plain.replace(/[-.]/g, ''));
  return isPrinted ? plain : `"${plain}"`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

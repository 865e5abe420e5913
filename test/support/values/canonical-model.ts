import { type Decimal, plainNumber, type Value } from './arbitraries.ts';

/** The canonical text of a value, by its definition. It shares no code with the product. */
export function canonicalModel(value: Value): string {
  switch (value.kind) {
    case 'text':
      return JSON.stringify(value.text);
    case 'binary':
      return JSON.stringify(base64(value.text));
    case 'number':
      return numberModel(value.number);
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
      return `[${value.numbers.toSorted((a, b) => Number(scaled(a) - scaled(b))).map(numberModel)}]`;
  }
}

/** A number as an integer of 10^-130. */
export function scaled({ negative, digits, power }: Decimal): bigint {
  const magnitude = BigInt(digits) * 10n ** BigInt(power + 130);
  return negative ? -magnitude : magnitude;
}

/** A JSON number if JavaScript's shortest text of it is exactly this number, otherwise its digits as text. */
function numberModel(number: Decimal): string {
  const shortest = String(Number(plainNumber(number)));
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(shortest) ?? [];
  const read = { negative: sign === '-', digits: whole + fraction, power: Number(exponent) - fraction.length };
  const isExact = read.power >= -130 && scaled(read) === scaled(number);
  return isExact ? shortest : `"${plainNumber(number)}"`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

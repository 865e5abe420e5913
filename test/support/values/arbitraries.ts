import fc from 'fast-check';

/** A decimal number as DynamoDB holds it: sign, up to 38 significant digits, and the power of ten of the last one. */
export type Decimal = { readonly negative: boolean; readonly digits: string; readonly power: number };

/** Numbers within DynamoDB's limits: 38 digits, magnitudes from 1E-130 to 9.99E+125. */
export const decimal: fc.Arbitrary<Decimal> = fc
  .tuple(fc.boolean(), fc.bigInt(0n, 10n ** 38n - 1n), fc.nat(38), fc.integer({ min: -130, max: 87 }))
  .map(([negative, value, keep, power]) => {
    const digits = String(value).slice(0, Math.max(1, keep)).replace(/0+$/, '') || '0';
    return { negative: negative && digits !== '0', digits, power: digits === '0' ? 0 : power };
  });

/** Every way that DynamoDB or a server like it takes to write one number. */
export function spellings({ negative, digits, power }: Decimal): fc.Arbitrary<string> {
  return fc
    .record({
      point: fc.integer({ min: -3, max: digits.length + 3 }),
      leading: fc.nat(3),
      trailing: fc.nat(3),
      plus: fc.boolean(),
      exponentPlus: fc.boolean(),
      e: fc.constantFrom('e', 'E'),
    })
    .map(({ point, leading, trailing, plus, exponentPlus, e }) => {
      // Digits with the point put anywhere; the exponent makes up for where it stands.
      const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
      const at = Math.max(point, 0);
      const exponent = power + digits.length - point;
      const whole = '0'.repeat(leading) + padded.slice(0, at);
      const fraction = padded.slice(at) + '0'.repeat(trailing);
      const sign = negative ? '-' : plus ? '+' : '';
      const mantissa = fraction === '' ? whole || '0' : `${whole}.${fraction}`;
      return exponent === 0 && !exponentPlus
        ? sign + mantissa
        : `${sign}${mantissa}${e}${exponentPlus && exponent >= 0 ? '+' : ''}${exponent}`;
    });
}

/** Text as DynamoDB holds it: any well-formed Unicode, control characters included. */
export const text: fc.Arbitrary<string> = fc.string({ unit: 'binary', maxLength: 12 });

/** Attribute names, among them those that trip JavaScript, SQL and JSON paths. */
export const attributeName: fc.Arbitrary<string> = fc.oneof(
  text.filter((name) => name !== ''),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'a.b',
    '$x',
    'a"b',
    'a`b',
    'é',
    '😀',
    '0',
    '10',
    '9',
  ),
);

/** Items by value. {@link spell} writes one in one of its many forms. */
export type Value =
  | { readonly kind: 'text' | 'binary'; readonly text: string }
  | { readonly kind: 'number'; readonly number: Decimal }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'list'; readonly values: readonly Value[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Value])[] }
  | { readonly kind: 'texts' | 'binaries'; readonly texts: readonly string[] }
  | { readonly kind: 'numbers'; readonly numbers: readonly Decimal[] };

export const item: fc.Arbitrary<Extract<Value, { kind: 'map' }>> = fc.letrec<{
  value: Value;
  map: Extract<Value, { kind: 'map' }>;
}>((tie) => ({
  map: fc
    .uniqueArray(fc.tuple(attributeName, tie('value')), { selector: ([name]) => name, maxLength: 6 })
    .map((entries) => ({ kind: 'map', entries })),
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text.map((value): Value => ({ kind: 'text', text: value })),
    text.map((value): Value => ({ kind: 'binary', text: value })),
    decimal.map((number): Value => ({ kind: 'number', number })),
    fc.boolean().map((value): Value => ({ kind: 'bool', value })),
    fc.constant<Value>({ kind: 'null' }),
    fc.uniqueArray(text, { minLength: 1, maxLength: 4 }).map((texts): Value => ({ kind: 'texts', texts })),
    fc.uniqueArray(text, { minLength: 1, maxLength: 4 }).map((texts): Value => ({ kind: 'binaries', texts })),
    fc
      .uniqueArray(decimal, {
        selector: ({ negative, digits, power }) => `${negative}${digits}e${power}`,
        minLength: 1,
        maxLength: 4,
      })
      .map((numbers): Value => ({ kind: 'numbers', numbers })),
    fc.array(tie('value'), { maxLength: 4 }).map((values): Value => ({ kind: 'list', values })),
    tie('map'),
  ),
})).map;

/** How one server writes an item: its spelling of numbers, its order of names and set members, its form of binary. */
export type Spelling = {
  readonly number: (number: Decimal) => string;
  readonly binary: (bytes: Uint8Array) => unknown;
  readonly order: <T>(members: readonly T[]) => readonly T[];
};

/** Writes a value as a DynamoDB attribute value. */
export function spell(value: Value, by: Spelling): Record<string, unknown> {
  switch (value.kind) {
    case 'text':
      return { S: value.text };
    case 'binary':
      return { B: by.binary(Buffer.from(value.text)) };
    case 'number':
      return { N: by.number(value.number) };
    case 'bool':
      return { BOOL: value.value };
    case 'null':
      return { NULL: true };
    case 'list':
      return { L: value.values.map((inner) => spell(inner, by)) };
    case 'map':
      return { M: spellItem(value, by) };
    case 'texts':
      return { SS: by.order(value.texts) };
    case 'binaries':
      return { BS: by.order(value.texts).map((member) => by.binary(Buffer.from(member))) };
    case 'numbers':
      return { NS: by.order(value.numbers).map(by.number) };
  }
}

export function spellItem(
  { entries }: Extract<Value, { kind: 'map' }>,
  by: Spelling,
): Record<string, Record<string, unknown>> {
  return Object.fromEntries(by.order(entries).map(([name, inner]) => [name, spell(inner, by)]));
}

/** The plainest spelling of a number: all digits, no exponent. */
export function plainNumber({ negative, digits, power }: Decimal): string {
  const sign = negative ? '-' : '';
  if (power >= 0) return sign + (digits === '0' ? '0' : digits + '0'.repeat(power));
  const at = digits.length + power;
  return at > 0 ? `${sign}${digits.slice(0, at)}.${digits.slice(at)}` : `${sign}0.${'0'.repeat(-at)}${digits}`;
}

import { describe, expect, test } from 'vitest';
import { isNumberText, type TextKind, textKind } from '../../../../src/schema/infer/text-kind.ts';

test.each<[TextKind, readonly string[]]>([
  ['empty', ['']],
  ['date', ['2026-11-22', '2024-02-29', '0001-01-01', '9999-12-31']],
  ['time', ['09:30:00', '23:59:59.125', '00:00:00.123456000']],
  ['local', ['2026-11-22T09:30:00', '2026-11-22 09:30:00.123456']],
  ['local-nanoseconds', ['2026-11-22 09:30:00.123456789']],
  [
    'zoned',
    [
      '2026-11-22T09:30:00Z',
      '2026-11-22T09:30:00.125+01:00',
      '2026-11-22 09:30:00 UTC',
      '2026-11-22T09:30:00.123456000Z',
    ],
  ],
  ['zoned-nanoseconds', ['2026-11-22T09:30:00.123456789Z', '2026-11-22T09:30:00.1234567-14:00']],
  ['digits', ['0', '12345', '-7', '1767323045', '1767323045123', '4111111111111112']],
  ['decimal', ['12.50', '-0.5']],
  ['json', ['{"a":1}', '[1]', '{']],
  ['base64', ['cGxhbnRlZC12YWx1ZQ==', 'WwDDwfjl0FkToMClPEN3tIC8i5XRxQJx']],
  ['e-mail address', ['a@example.com', 'first.last+tag@mail.example.co.uk']],
  ['phone number', ['+49 30 1234567', '+15551234567', '(555) 123-4567', '555-123-4567', '0049 30 1234567']],
  ['IBAN', ['DE89370400440532013000', 'GB29 NWBK 6016 1331 9268 19', 'FR1420041010050500013M02606']],
  ['IP address', ['192.168.0.1', '255.255.255.255', '2001:db8::8a2e:370:7334', '::1']],
  ['card number', ['4111111111111111', '5500 0000 0000 0004', '3782-822463-10005', '4111-1111-1111-1111']],
  ['national id', ['078-05-1120', 'AB123456C', 'RSSMRA85T10A562S', '123.456.789-09', '12345678Z', 'X1234567L']],
  [
    'other',
    [
      'tea',
      '007',
      '2026-02-30',
      '2026-13-01',
      '0000-01-01',
      '2026-11-22T09:30Z',
      '2026-11-22T24:00:00Z',
      '25:00:00',
      '2026-1-2',
      'not@mail',
      'DE00370400440532013000',
      '1.2.3.4.5',
      '111-1111111111',
      '000-12-3456',
      '12345678A',
      'Customer 17',
      'lowercaseonlytext',
      '1,5',
    ],
  ],
])('knows %s by its form', (kind, texts) => {
  expect(texts.map((text) => [text, textKind(text)])).toEqual(texts.map((text) => [text, kind]));
});

describe('a text in the JSON', () => {
  test.each(['12345678901234567890', '67.174118', '0.00001', '-98765432109876543210.5'])(
    '%s is a number that not every engine prints alike',
    (text) => expect(isNumberText(text)).toBe(true),
  );

  test.each(['12345', '12.5', '20095', '007', '1e3', '', 'tea', '9007199254740991', '12.50', '01234567890123456789'])(
    '%s is true text: as a number it would have been a JSON number, or it is none',
    (text) => expect(isNumberText(text)).toBe(false),
  );
});

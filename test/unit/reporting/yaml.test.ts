import { expect, test } from 'vitest';
import { yamlText } from '../../../src/reporting/yaml.ts';

test('a text is one that JSON reads as it was', () => {
  const every = Array.from({ length: 0x11_000 }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    .join('');

  expect(JSON.parse(yamlText(every)) === every).toBe(true);
});

test('a text is on one line, and holds only what every reader of YAML takes', () => {
  const codes = Array.from({ length: 0x1_0000 }, (_, code) => code);
  const taken = /^[\u0020-\u007e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]+$/;

  expect(codes.filter((code) => !taken.test(yamlText(String.fromCharCode(code))))).toEqual([]);
});

test.each([': # - {a: [b]}', 'true', '1e3', '~', "it's", '"', '\\', '🚚', '&a *b !c | > % @ `'])(
  '%s is quoted',
  (text) => {
    expect(yamlText(text)).toBe(JSON.stringify(text));
  },
);

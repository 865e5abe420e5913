import { expect, test } from 'vitest';
import { xml, xmlDocument } from '../../../src/reporting/xml.ts';

const HEAD = `<?xml version='1.0' encoding='utf-8' ?>\n\n`;

test('elements stand inside each other, and an empty one is one tag', () => {
  const tree = xml('a', { b: '1', c: '' }, [xml('d'), xml('e', {}, 'text'), xml('f', {}, [xml('g', { h: '2' })])]);

  expect(xmlDocument(tree)).toBe(
    `${HEAD}<a b='1' c=''>\n  <d />\n  <e>text</e>\n  <f>\n    <g h='2' />\n  </f>\n</a>\n`,
  );
});

test('no character of a text or an attribute ends what it stands in', () => {
  const hostile = `]]>&amp;<b c='d' e="f">`;
  const inside = ']]&gt;&amp;amp;&lt;b c=&apos;d&apos; e=&quot;f&quot;&gt;';

  expect(xmlDocument(xml('a', { b: hostile }, hostile))).toBe(`${HEAD}<a b='${inside}'>${inside}</a>\n`);
});

test('white space of an attribute stays, which a reader would make spaces of', () => {
  expect(xmlDocument(xml('a', { b: ' \t\n\r ' }))).toBe(`${HEAD}<a b=' &#9;&#10;&#13; ' />\n`);
});

test('what XML has no place for becomes U+FFFD, and emoji stay', () => {
  expect(xmlDocument(xml('a', {}, '\u0000\u0008\u000b\u001f\ufffe\uffff\ud83d!🚚'))).toBe(
    `${HEAD}<a>\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd!🚚</a>\n`,
  );
});

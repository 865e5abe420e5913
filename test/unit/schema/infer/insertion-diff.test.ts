import { expect, test } from 'vitest';
import { insertionDiff } from '../../../../src/schema/infer/insertion-diff.ts';

const TEXT = Array.from({ length: 20 }, (_, n) => `line ${n + 1}`).join('\n');
const at = (line: string) => TEXT.indexOf(`${line}\n`) + line.length;

test('shows changed lines with three around them, and what is far apart in hunks', () => {
  const insertions = [
    { offset: at('line 2'), text: ',\nnew' },
    { offset: at('line 15'), text: '\nnew 2\nnew 3' },
  ];

  expect(insertionDiff('a.json', TEXT, insertions)).toBe(`--- a.json
+++ a.json
@@ -1,5 +1,6 @@
 line 1
-line 2
+line 2,
+new
 line 3
 line 4
 line 5
@@ -12,7 +13,9 @@
 line 12
 line 13
 line 14
 line 15
+new 2
+new 3
 line 16
 line 17
 line 18`);
});

test('shows several insertions in one line as one change', () => {
  expect(
    insertionDiff('a.json', '[1],[2]', [
      { offset: 2, text: ',3' },
      { offset: 6, text: ',4' },
    ]),
  ).toBe('--- a.json\n+++ a.json\n@@ -1,1 +1,1 @@\n-[1],[2]\n+[1,3],[2,4]');
});

test('is empty without insertions', () => {
  expect(insertionDiff('a.json', TEXT, [])).toBe('');
});

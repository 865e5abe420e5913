import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const PAGES = [...globSync('docs/**/*.md'), 'README.md', 'CONTRIBUTING.md'];
const SOURCES = globSync('{bin,cli,backfill,src,demo,serverless}/**/*.{ts,js,json}');

function holding(files: readonly string[], pattern: RegExp): readonly string[] {
  return files.filter((file) => pattern.test(readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ')));
}

test('no page and no message speaks of privacy rules, because there are none yet', () => {
  expect(SOURCES.length).toBeGreaterThan(300);
  expect(holding([...PAGES, ...SOURCES], /privacy rule/i)).toEqual([]);
});

test('no page and no message installs a package of the name from a registry, because none is published', () => {
  expect(holding([...PAGES, ...SOURCES], /npm (?:i|install|add)(?: -\S+)* tailrace\b/)).toEqual([]);
});

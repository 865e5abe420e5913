import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { anchorsOf } from '../../support/docs/page.ts';

const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'bench/results.md', ...globSync('docs/*.md')];

test.each(PAGES)('%s links to what is there', (page) => {
  const text = readFileSync(page, 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : join(dirname(page), file);
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor));
  });

  expect(broken).toEqual([]);
});

test.each(PAGES)('%s names files that are there', (page) => {
  const named = [
    ...readFileSync(page, 'utf8').matchAll(/`((?:src|backfill|cli|test|bench|demo|serverless)\/[\w./-]+)`/g),
  ];
  const missing = named.map(([, path = '']) => path).filter((path) => !/NAME/.test(path) && !existsSync(path));

  expect(missing).toEqual([]);
});

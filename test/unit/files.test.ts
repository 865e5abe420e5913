import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const FILES = globSync('{src,backfill,cli,demo,serverless}/**/*.ts');

/** Names of files and folders that name no concept, so that anything ends up there. */
const NO_CONCEPT = /^(?:common|constants|helpers?|lib|misc|shared|stuff|types|utils?|utilities)$/;

const MAX_LINES = 250;

test('every file and folder is named after a concept, in lower case with hyphens', () => {
  expect(FILES.length).toBeGreaterThan(300);
  const names = new Set(FILES.flatMap((file) => file.replace(/\.ts$/, '').split('/')));

  expect([...names].filter((name) => NO_CONCEPT.test(name) || !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))).toEqual([]);
});

test(`no file is longer than ${MAX_LINES} lines`, () => {
  const lengths = FILES.map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }));

  expect(lengths.filter(({ lines }) => lines > MAX_LINES)).toEqual([]);
});

test('at most ten files of the command stand outside its folders', () => {
  expect(globSync('cli/*.ts').length).toBeLessThanOrEqual(10);
});

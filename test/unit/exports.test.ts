import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const EXPORT = /^export (?:async )?(?:function\*?|const|let|class|interface|type|enum) ([\w$]+)/gm;

/** Implements the command's dependencies by functions of their names. */
const IMPLEMENTATION = 'cli/production-dependencies.ts';

/** Whether each kind of destination has the name once, and nothing else has it: the two are made alike. */
function isMirrored(files: readonly string[]): boolean {
  const kinds = files.map((file) => /^src\/destination\/(bigquery|duckdb)\//.exec(file)?.[1]);
  return !kinds.includes(undefined) && new Set(kinds).size === kinds.length;
}

test('no exported name has two meanings', () => {
  const files = new Map<string, string[]>();
  for (const file of globSync('{src,backfill,cli,demo}/**/*.ts')) {
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(EXPORT)) {
      files.set(name, [...(files.get(name) ?? []), file]);
    }
  }
  expect(files.size).toBeGreaterThan(500);
  const repeated = [...files].filter(([, places]) => {
    const others = places.filter((place) => place !== IMPLEMENTATION);
    return others.length > 1 && !isMirrored(others);
  });
  expect(repeated).toEqual([]);
});

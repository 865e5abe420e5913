import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** What each file imports, types included: files by their path, packages by their name. */
const imports = new Map(
  globSync('{src,backfill,cli,demo}/**/*.ts').map((file) => [
    file,
    [...readFileSync(file, 'utf8').matchAll(/(?<!['.])\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
      ([, specifier = '']) => (specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier),
    ),
  ]),
);

/** Folders of pure functions: values in, values out. I/O belongs to destination, source, stream, delivery and replay. */
const PURE = /^src\/(value|record|order|changelog|snapshot|views|schema|privacy|names|reporting)\//;

/** All that pure folders import besides each other. None of it reads or writes anything; of chance, only its type. */
const PURE_IMPORTS = new Set([
  'src/errors.ts',
  'src/column.ts',
  'src/random.ts',
  'node:buffer',
  'node:crypto',
  'zod',
  'jsonc-parser',
]);

/** Their files stand alone: many folders import one of them, and another of them imports those folders. */
const LOOSE = new Set(['src', 'cli', 'demo']);

/** A folder without those inside it; a file at a loose root is a room of its own. */
function roomOf(file: string): string {
  return LOOSE.has(dirname(file)) ? file : dirname(file);
}

/** A way from a node back to itself, or `undefined` if there is none. */
function cycleIn(edges: ReadonlyMap<string, Iterable<string>>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of edges.get(node) ?? []) {
      const found = visit(next, [...path, node]);
      if (found) return found;
    }
    done.add(node);
    return undefined;
  };
  for (const node of edges.keys()) {
    const found = visit(node, []);
    if (found) return found;
  }
  return undefined;
}

test('no file imports itself by way of others', () => {
  expect(imports.size).toBeGreaterThan(300);
  expect(cycleIn(imports)).toBeUndefined();
});

test('no folder imports itself by way of others', () => {
  const rooms = new Map<string, Set<string>>();
  for (const [file, targets] of imports) {
    const room = roomOf(file);
    const others = targets.map(roomOf).filter((target) => target !== room);
    rooms.set(room, new Set([...(rooms.get(room) ?? []), ...others]));
  }
  expect(cycleIn(rooms)).toBeUndefined();
});

test.each([
  ['src/', /^(backfill|cli|demo)\//, 'the library knows nothing of the commands'],
  ['backfill/', /^(cli|demo)\//, 'the commands call it, and it calls none of them'],
  ['cli/', /^demo\//, 'the demo stands on the commands'],
  ['src/destination/bigquery/', /^src\/destination\/duckdb\//, 'destinations know nothing of each other'],
  ['src/destination/duckdb/', /^src\/destination\/bigquery\//, 'destinations know nothing of each other'],
])('%s imports nothing of %s: %s', (from, forbidden) => {
  expect(importing((file, target) => file.startsWith(from) && forbidden.test(target))).toEqual([]);
});

test('pure folders import nothing that does I/O', () => {
  const isAllowed = (target: string) => PURE.test(target) || PURE_IMPORTS.has(target);
  expect(importing((file, target) => PURE.test(file) && !isAllowed(target))).toEqual([]);
});

/** The imports that match, as `file imports target`. */
function importing(matches: (file: string, target: string) => boolean): readonly string[] {
  return [...imports].flatMap(([file, targets]) =>
    targets.filter((target) => matches(file, target)).map((target) => `${file} imports ${target}`),
  );
}

import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const READS_CLOCK =
  /\b(Date\.now|performance\.now|hrtime|setTimeout|setInterval|AbortSignal\.timeout|new Date\(\)|timers\/promises)/;
const DRAWS_RANDOM = /\b(Math\.random|randomBytes|randomUUID|randomInt|getRandomValues)\b/;

/** Files of the library, the backfill and the commands that match, comments left out. */
function matching(pattern: RegExp): readonly string[] {
  return globSync('{src,backfill,cli}/**/*.ts')
    .filter((file) => pattern.test(readFileSync(file, 'utf8').replace(/^\s*(\/\*\*|\*|\/\/).*$/gm, '')))
    .sort();
}

test('time is read and waited for in one file; everything else has a clock given', () => {
  expect(matching(READS_CLOCK)).toEqual([
    // The time between two signals, for the process itself.
    'cli/interruption.ts',
    // When the heap is shrunk, for the process itself.
    'cli/small-heap.ts',
    // How long an answer of the system about this process holds.
    'cli/terminal/foreground.ts',
    'src/clock.ts',
    // The end of a request to Google that is never answered.
    'src/destination/bigquery/client.ts',
    // Windows refuses to replace a file for a moment.
    'src/durable-file.ts',
  ]);
});

test('chance is drawn in one file; everything else has it given', () => {
  expect(matching(DRAWS_RANDOM)).toEqual(['src/random.ts']);
});

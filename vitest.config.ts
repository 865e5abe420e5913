import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/vitest/longest-first.ts';
import { RUN_SETTINGS } from './test/support/vitest/run-settings.ts';

const TESTS = 'test/**/*.test.ts';

// Long tests, and those of real servers and engines: `.ci/run` runs each of these folders with a configuration of its own.
const GATE = ['test/emulators/**', 'test/googlesql/**', 'test/long/**', 'test/package/**'];

/** A file that mocks modules would mock them for every file that shares its process. */
const mocking = globSync(TESTS, { exclude: GATE }).filter((file) => readFileSync(file, 'utf8').includes('vi.mock('));

export default defineConfig({
  test: {
    ...RUN_SETTINGS,
    sequence: { sequencer: LongestFirst },
    projects: [
      // A process runs many files: loading the same modules for each took as long as most files' tests.
      { extends: true, test: { name: 'shared', isolate: false, include: [TESTS], exclude: [...GATE, ...mocking] } },
      { extends: true, test: { name: 'mocking', isolate: true, include: mocking } },
    ],
  },
});

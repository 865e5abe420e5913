import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/vitest/longest-first.ts';

export default defineConfig({
  test: {
    // Many tests wait for processes and servers of their own, so a core is worth more than a worker.
    maxWorkers: '200%',
    include: ['test/**/*.test.ts'],
    // Real servers and engines: each has a script of its own.
    exclude: ['test/emulators/**', 'test/googlesql/**', 'test/package/**'],
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/support/vitest/compile-cache.ts', 'test/support/vitest/temporary-files.ts'],
    setupFiles: ['test/support/vitest/search-diagnostics.ts'],
    // What hangs is named by it. A busy machine takes several times as long as a quiet one, and nothing is wrong.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

/** What `npm test` and the long tests of the gate have in common. */
export const RUN_SETTINGS = {
  // Many tests wait for processes and servers of their own, so a core is worth more than a worker.
  maxWorkers: '200%',
  globalSetup: ['test/support/vitest/compile-cache.ts', 'test/support/vitest/temporary-files.ts'],
  setupFiles: ['test/support/vitest/search-diagnostics.ts'],
  // What hangs is named by it. A busy machine takes several times as long as a quiet one, and nothing is wrong.
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

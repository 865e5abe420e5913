import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/googlesql/*.test.ts'],
    globalSetup: 'test/googlesql/global-setup.ts',
    testTimeout: 120_000,
    // The first run installs 340 MB.
    hookTimeout: 600_000,
  },
});

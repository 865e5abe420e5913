import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/emulators/**/*.test.ts'],
    globalSetup: ['test/emulators/global-setup.ts', 'test/emulators/dynamodb/global-setup.ts'],
    // Each is a server, and one process of ours after the other.
    maxConcurrency: 4,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

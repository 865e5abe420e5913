import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/emulators/**/*.test.ts'],
    globalSetup: ['test/emulators/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

import { defineConfig } from 'vitest/config';
import { RUN_SETTINGS } from '../support/vitest/run-settings.ts';

// What takes long and rarely breaks alone: `.ci/run` runs it, beside the simulation. `npm test` runs shorter tests of the
// same promises.
export default defineConfig({
  test: { ...RUN_SETTINGS, include: ['test/long/*.test.ts'], testTimeout: 600_000, hookTimeout: 600_000 },
});

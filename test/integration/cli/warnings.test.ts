import { expect, test } from 'vitest';
import { createWorkplace } from '../../support/process/tailrace-process.ts';

/** Makes a library emit a warning while the command runs. */
const WARNING_LIBRARY = 'data:text/javascript,process.once("beforeExit", () => process.emitWarning("of a library"))';

test("libraries' warnings are on stderr only with --debug", async () => {
  await using workplace = await createWorkplace();
  const stderrOf = async (...options: readonly string[]) =>
    (await workplace.tailrace(['--version', ...options], { nodeOptions: ['--import', WARNING_LIBRARY] })).stderr;

  expect(await stderrOf()).toBe('');
  expect(await stderrOf('--debug')).toContain('Warning: of a library');
});

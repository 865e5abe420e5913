import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startShell } from '../../support/process/shell-session.ts';
import { createWorkplace, type Workplace } from '../../support/process/tailrace-process.ts';

const FOREGROUND = fileURLToPath(new URL('../../../cli/terminal/foreground.ts', import.meta.url));

let workplace: Workplace;
beforeEach(async () => {
  workplace = await createWorkplace();
  const program = `const { isForeground } = await import(${JSON.stringify(FOREGROUND)});
    console.log('foreground: ' + isForeground());`;
  await writeFile(join(workplace.directory, 'ask.mjs'), program);
  const ask = `'${process.execPath}' ask.mjs`;
  await writeFile(join(workplace.directory, 'script'), `${ask} & wait`);
  await writeFile(join(workplace.directory, 'ask'), `exec ${ask}`);
});
afterEach(() => workplace[Symbol.asyncDispose]());

test.each([
  ['a command', 'sh ask', true],
  ['a command that reads a pipe', 'echo input | sh ask', true],
  ['a job', 'sh ask & wait', false],
  ['a job of a script, which has no job control', 'bash script', false],
  ['a job of a script of sh', 'sh script', false],
  ['a command in a session of its own', 'setsid -w sh ask', false],
])('%s is in the foreground of its terminal: %s is %s', async (_, line, isForeground) => {
  await using shell = await startShell('bash', workplace.directory);

  expect(await shell.run(line)).toBe(0);

  await shell.waitFor(new RegExp(`foreground: ${isForeground}`));
});

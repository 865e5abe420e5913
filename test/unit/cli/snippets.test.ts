import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { commandStage } from '../../support/stages/command-stage.ts';

/** Pages that show commands. */
const PAGES = ['backfill', 'infer'];

test.each(PAGES)('every command in docs/%s.md exists, with its options', async (page) => {
  const text = await readFile(new URL(`../../../docs/${page}.md`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const commands = blocks.flatMap((block) => block.split('\n').filter((line) => line.startsWith('npx tailrace ')));

  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) {
    const stage = commandStage();
    await stage.tailrace(...(command.split('#')[0] ?? '').trim().split(/\s+/).slice(2));
    // The command is valid: it fails only where it reaches for AWS.
    expect(stage.stderr.text, command).toContain('Unexpected failure: Error');
  }
});

test.each(PAGES)('every option in docs/%s.md belongs to a command in it', async (page) => {
  const text = await readFile(new URL(`../../../docs/${page}.md`, import.meta.url), 'utf8');
  const stage = commandStage();
  for (const command of ['backfill', 'setup', 'verify', 'snapshots list', 'schema infer', 'views apply']) {
    await stage.tailrace(...command.split(' '), '--help');
  }
  for (const [option] of text.matchAll(/--[a-z][a-z-]+/g)) expect(stage.stdout.text).toContain(option);
});

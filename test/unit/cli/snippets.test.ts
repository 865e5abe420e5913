import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { commandStage } from '../../support/stages/command-stage.ts';

/** Pages that tell someone what to type. */
const PAGES = ['backfill'];

test.each(PAGES)('every command of docs/%s.md is one, with options that it takes', async (page) => {
  const text = await readFile(new URL(`../../../docs/${page}.md`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const commands = blocks.flatMap((block) => block.split('\n').filter((line) => line.startsWith('npx tailrace ')));

  expect(commands.length).toBeGreaterThan(3);
  for (const command of commands) {
    const stage = commandStage();
    await stage.tailrace(...command.split(' ').slice(2));
    // What it would reach of the world outside isn't there: that it tries to is all that can be asked.
    expect(stage.stderr.text, command).toContain('Unexpected failure: Error');
  }
});

test.each(PAGES)('every option that docs/%s.md names is one of a command that it names', async (page) => {
  const text = await readFile(new URL(`../../../docs/${page}.md`, import.meta.url), 'utf8');
  const stage = commandStage();
  for (const command of ['backfill', 'setup', 'verify', 'snapshots list']) {
    await stage.tailrace(...command.split(' '), '--help');
  }
  for (const [option] of text.matchAll(/--[a-z][a-z-]+/g)) expect(stage.stdout.text).toContain(option);
});

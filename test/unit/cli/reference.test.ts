import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { commandStage } from '../../support/stages/command-stage.ts';

const PAGE = new URL('../../../docs/cli.md', import.meta.url);

/** A block that shows a command and what it prints. */
const HELP_BLOCK = /```text\n\$ tailrace (.*)\n[\s\S]*?```/g;

/** The options of every command, which the page shows once, with the help of `tailrace` itself. */
const GLOBAL_OPTIONS = /\nGlobal Options:\n(?: {2}.*\n)+/;

async function helpOf(args: string): Promise<string> {
  const stage = commandStage();
  await stage.tailrace(...args.split(' '));
  return stage.stdout.text;
}

// Run it with --update to rewrite the page.
test('docs/cli.md shows the help of every command, word for word, but the options of all commands once', async () => {
  const page = await readFile(PAGE, 'utf8');
  const help = new Map<string, string>();
  for (const [, args = ''] of page.matchAll(HELP_BLOCK))
    help.set(args, (await helpOf(args)).replace(GLOBAL_OPTIONS, ''));

  const expected = page.replaceAll(
    HELP_BLOCK,
    (_, args: string) => `\`\`\`text\n$ tailrace ${args}\n${help.get(args)}\`\`\``,
  );

  await expect(expected).toMatchFileSnapshot(PAGE.pathname);
});

test('docs/cli.md shows the options of all commands once', async () => {
  const page = await readFile(PAGE, 'utf8');

  expect(page.match(/^ {2}--endpoint-url <url> /gm)).toHaveLength(1);
  expect(page).not.toContain('Global Options:');
});

test('docs/cli.md has every command', async () => {
  const page = await readFile(PAGE, 'utf8');
  const commands = [...(await helpOf('--help')).matchAll(/^ {2}([a-z][a-z-]*) .*/gm)].flatMap(([, name = '']) => name);

  expect(commands.length).toBeGreaterThan(6);
  expect([...page.matchAll(/^\$ tailrace ([a-z-]+) --help$/gm)].map(([, name]) => name)).toEqual(commands);
});

test('every help ends with an example', async () => {
  const page = await readFile(PAGE, 'utf8');
  const blocks = [...page.matchAll(HELP_BLOCK)].map(([block, args]) => ({ args, block }));

  expect(blocks.filter(({ block }) => !/^Examples?:\n {2}\$ tailrace /m.test(block)).map(({ args }) => args)).toEqual(
    [],
  );
});

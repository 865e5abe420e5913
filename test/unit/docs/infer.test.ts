import { expect, test } from 'vitest';
import { docsPage } from '../../support/docs/page.ts';
import { commandStage } from '../../support/stages/command-stage.ts';

test('docs/infer.md shows what its items give', async () => {
  const { text } = await docsPage('infer.md');
  const [, items = ''] = /```jsonl\n([\s\S]*?)```/.exec(text) ?? [];
  const [, shown = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
  const stage = commandStage({ files: { 'items.jsonl': items } });

  expect(await stage.tailrace('schema', 'infer', 'Shop', '--file', 'items.jsonl')).toBe(0);

  expect(stage.stdout.text).toBe(shown);
});

test('docs/infer.md names the defaults that the command has', async () => {
  const { text } = await docsPage('infer.md');
  const stage = commandStage();
  await stage.tailrace('schema', 'infer', '--help');

  expect(text).toContain('10,000 items at most (`--max-items`)');
  expect(stage.stdout.text).toContain('default: 10000;');
  expect(text).toContain('never more than `--max-read-units` (1,000:');
  expect(stage.stdout.text).toContain('(default: 1000)');
});

import { describe, expect, test } from 'vitest';
import { SHAPES } from '../../../src/replay/shapes.ts';
import { describeLoss } from '../../../src/stream/loss.ts';
import { docsPage } from '../../support/docs/page.ts';
import { commandStage } from '../../support/stages/command-stage.ts';

const page = await docsPage('replay.md');

describe('docs/replay.md', () => {
  test('shows commands', () => {
    expect(page.commands.length).toBeGreaterThan(8);
  });

  test.each(page.commands.map((args) => [args.join(' '), args] as const))(
    'shows a command that can be typed: tailrace %s',
    async (_, args) => {
      const stage = commandStage({ env: { TAILRACE_DESTINATION: 'duckdb:shop.duckdb' } });

      await stage.tailrace(...args, '--json');

      // The command is valid: it fails only where it reaches for AWS.
      expect(JSON.parse(stage.stderr.lines.at(-1) ?? '')).toMatchObject({ message: 'Unexpected failure: Error' });
    },
  );

  test('shows a loss as the command reports it', () => {
    const start = { at: 'AT_SEQUENCE_NUMBER', sequenceNumber: '100' } as const;
    const loss = { shardId: 'shardId-00000001', start, before: '300', to: null, records: 12 };

    expect(page.text).toContain(`Not recoverable, the stream has dropped it: ${describeLoss(loss)}.`);
  });

  test('shows every recognised shape, in order, and no other', () => {
    const [, rows = ''] = page.text.split('| what it looks like | what it is |\n|---|---|\n');
    const shown = (rows.split('\n\n')[0] ?? '').split('\n');

    expect(shown).toEqual(SHAPES.map(({ form, from }) => `| \`${form}\` | ${from} |`));
  });

  test.each(page.links)('links to what is there: %s', async (link) => {
    expect(await page.leads(link)).toBe(true);
  });
});

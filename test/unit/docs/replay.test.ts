import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { describeLoss } from '../../../src/replay/loss.ts';
import { commandStage } from '../../support/command-stage.ts';

const page = await readFile(new URL('../../../docs/replay.md', import.meta.url), 'utf8');
const commands = [...page.matchAll(/^(?:.* \| )?tailrace (.+)$/gm)].map(([, args = '']) => args);

/** Splits a command line at its spaces: those of the page quote nothing. */
const words = (line: string) => line.split(/\s+/);

describe('docs/replay.md', () => {
  test('shows commands', () => {
    expect(commands.length).toBeGreaterThan(8);
  });

  test.each(commands)('shows a command that can be typed: tailrace %s', async (args) => {
    const stage = commandStage({ env: { TAILRACE_DESTINATION: 'duckdb:shop.duckdb' } });

    await stage.tailrace(...words(args), '--json');

    // It gets as far as what a test doesn't have.
    expect(JSON.parse(stage.stderr.lines.at(-1) ?? '')).toMatchObject({ message: 'Unexpected failure: Error' });
  });

  test('shows a loss as it is said', () => {
    const start = { at: 'AT_SEQUENCE_NUMBER', sequenceNumber: '100' } as const;
    const loss = { shardId: 'shardId-00000001', start, before: '300', to: null, records: 12 };

    expect(page).toContain(`Not recoverable, the stream has dropped it: ${describeLoss(loss)}.`);
  });

  test.each([...page.matchAll(/\]\(([^)]*)\)/g)].map(([, link = '']) => link))(
    'links to what is there: %s',
    async (link) => {
      const [file = '', anchor = ''] = link.split('#');
      const target = file === '' ? page : await readFile(new URL(`../../../docs/${file}`, import.meta.url), 'utf8');
      const anchors = [...target.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^a-z0-9 -]/g, '')
          .replaceAll(' ', '-'),
      );

      if (anchor !== '') expect(anchors).toContain(anchor);
    },
  );
});

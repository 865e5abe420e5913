import { describe, expect, test } from 'vitest';
import { maxGetUnits } from '../../../backfill/cost/request-cost.ts';
import { randomParts } from '../../../backfill/verify/random-parts.ts';
import { DEFAULT_MAX_FINDINGS, DEFAULT_WHOLE } from '../../../backfill/verify/verify-options.ts';
import { VERIFY_LAG } from '../../../cli/options/defaults.ts';
import { docsPage } from '../../support/docs/page.ts';
import { commandStage } from '../../support/stages/command-stage.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';

const page = await docsPage('verify.md');

describe('docs/verify.md', () => {
  test('shows commands', () => {
    expect(page.commands.length).toBeGreaterThanOrEqual(5);
  });

  test.each(page.commands.map((args) => [args.join(' '), args] as const))(
    'shows a command that can be typed: tailrace %s',
    async (_, args) => {
      const stage = commandStage();

      await stage.tailrace(...args, ...(args.includes('--json') ? [] : ['--json']));

      // The command is valid: it fails only where it reaches for AWS.
      expect(JSON.parse(stage.stderr.lines.at(-1) ?? '')).toMatchObject({ message: 'Unexpected failure: Error' });
    },
  );

  test('names the defaults as they are', () => {
    expect(page.text).toContain(`\`--max-lag\`: ${VERIFY_LAG.remote} seconds, ${VERIFY_LAG.local} on a local server`);
    expect([DEFAULT_WHOLE, DEFAULT_MAX_FINDINGS]).toEqual([100, 1_000]);
    expect(randomParts(0.01, seededRandom(1))).toMatchObject({ total: 3_200, chosen: { length: 32 } });
    expect(maxGetUnits(1)).toBe(100);
  });

  test.each(page.links)('links to what is there: %s', async (link) => {
    expect(await page.leads(link)).toBe(true);
  });
});

import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { shownSteps, withPrinted } from '../../support/docs/shown-sessions.ts';
import { checkoutCopy } from '../../support/process/checkout-copy.ts';

const PAGE = new URL('../../../docs/from-zero-to-a-dashboard.md', import.meta.url);
const LOCAL_PART = /(?<=^## Five minutes.*\n)[\s\S]*?(?=^## |$(?![\s\S]))/m;

/** Printed between the steps of a session. */
const MARK = 'End of step.\n';

// Run it with --update to rewrite the page.
test('each command of the five minutes prints what the page shows', async () => {
  const [local = ''] = LOCAL_PART.exec(await readFile(PAGE, 'utf8')) ?? [];
  const steps = shownSteps(local);
  const [, shown = ''] = /AWS_ENDPOINT_URL=(\S+)/.exec(local) ?? [];
  const [install, start, ...rest] = steps.map(({ commands }) => commands);
  expect([install, start]).toEqual(['npm ci\n', 'npm start\n']);
  const checkout = await checkoutCopy();
  onTestFinished(() => checkout[Symbol.asyncDispose]());

  const shop = checkout.bash('npm start');
  await expect.poll(() => shop.output, { timeout: 60_000 }).toMatch(/^tail .*\n/m);
  const [opening = ''] = /^[\s\S]*?^tail .*$/m.exec(shop.output) ?? [];
  const [, address = ''] = /(http:\S+)/.exec(opening) ?? [];
  const script = rest.join(`echo '${MARK.trim()}'\n`).replaceAll(shown, address);
  const terminal = checkout.bash(script);
  expect(await terminal.ended, terminal.output).toBe(0);

  // The page's address stays: it is another at each run.
  const printed = ['', `${opening}\n`, ...terminal.output.split(MARK)].map((text) => text.replaceAll(address, shown));
  expect(printed).toHaveLength(steps.length);
  // Read again: the test of the other part may have rewritten it meanwhile.
  const page = await readFile(PAGE, 'utf8');
  await expect(page.replace(LOCAL_PART, () => withPrinted(local, printed))).toMatchFileSnapshot(PAGE.pathname);
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const MAX_BYTES = 150_000;

function picture(name: string): string {
  return readFileSync(new URL(`../../../docs/pictures/${name}.svg`, import.meta.url), 'utf8');
}

/** What a picture says, without white space: long lines are broken. */
function wordsOf(svg: string): string {
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map(([, text = '']) => text);
  return texts
    .join('')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/&#160;|\s/g, '');
}

/** The page's first block of commands below a heading, without comments. */
function commandsBelow(heading: string, page: string): readonly string[] {
  const text = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8').split(`\n${heading}\n`)[1] ?? '';
  const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(text) ?? [];
  return block
    .split('\n')
    .map((line) => line.replace(/(^|\s+)#.*/, ''))
    .filter((line) => line !== '');
}

// Draw them again with docs/pictures/draw.sh, on Linux, where Python is.
describe('docs/pictures', () => {
  test('the session is of the commands that the README shows today', () => {
    const commands = commandsBelow('## Use it on your table', 'README.md');
    const shown = wordsOf(picture('session'));

    expect(commands.length).toBeGreaterThan(4);
    for (const command of commands) expect(shown).toContain(`$${command.replaceAll(/\s/g, '')}`);
  });

  test('the session ends with both sides in agreement, and with a tail that has stopped', () => {
    const shown = wordsOf(picture('session'));

    expect(shown).toMatch(/Theyagree:[\d,]+itemsinOrders,/);
    expect(shown).toMatch(/\$kill%1.*Stopped:[\d,]+recordsofOrdersread,0setaside/);
  });

  test("the dashboard has columns of the shop's schema", () => {
    const schema = readFileSync(new URL('../../../schemas/Orders.json', import.meta.url), 'utf8');
    const { columns }: { columns: readonly { readonly name: string }[] } = JSON.parse(schema);
    const declared = columns.map(({ name }) => name);
    const shown = wordsOf(picture('dashboard'));

    for (const name of ['order_number', 'customer_id', 'status', 'total', 'gift', 'city', 'first_sku']) {
      expect(declared).toContain(name);
      expect(shown).toContain(name);
    }
  });

  // Draw it again with docs/pictures/plot-cost.sh.
  test('the plot of costs has the newest times of the bench, each way', () => {
    const results = readFileSync(new URL('../../../bench/results.md', import.meta.url), 'utf8');
    const [, section = ''] = results.split('| items | history | query | (a) | (b) | (c) | (d) |');
    const grouped =
      section
        .split('\n\n')[0]
        ?.split('\n')
        .filter((line) => line.includes('| grouped |')) ?? [];
    const times = grouped.flatMap((line) => line.split('|').slice(4, 8).map(Number.parseFloat));
    const shown = wordsOf(picture('cost'));

    expect(times.length).toBeGreaterThan(20);
    for (const ms of times) expect(shown).toContain(ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en'));
  });

  test.each(['session', 'dashboard', 'cost'])('%s.svg is small, and whole without anything from elsewhere', (name) => {
    const svg = picture(name);

    expect(svg.length).toBeLessThan(MAX_BYTES);
    expect(svg).not.toMatch(/<image|<script|url\((?!#)|href|@import/);
    expect(svg).not.toMatch(/\/(?:home|root|tmp|work|Users)\//);
  });
});

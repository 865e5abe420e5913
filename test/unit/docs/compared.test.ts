import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../src/value/canonical-json.ts';
import { docsPage } from '../../support/docs/page.ts';

const page = await docsPage('compared.md');

describe('docs/compared.md', () => {
  test('links to the scripts that exist, and no others', () => {
    const named = [...page.text.matchAll(/\]\(\.\.\/(findings\/compared-[\w-]+\.sh)\)/g)].map(([, script]) => script);

    expect(named.toSorted()).toEqual(globSync('findings/compared-*.sh').toSorted());
  });

  test.each([
    ['ingestr', 'findings/compared-ingestr.sh', 'ingestr=='],
    ['tap-dynamodb', 'findings/compared-tap-dynamodb.sh', 'tap-dynamodb=='],
    ['awswrangler', 'findings/compared-awswrangler.sh', 'awswrangler=='],
    ['Lambda with `unmarshall`', 'findings/compared-unmarshall.sh', '@aws-sdk/util-dynamodb@'],
  ])('names the version of %s that its script installs', (tool, script, pin) => {
    const [, version] =
      readFileSync(script, 'utf8')
        .split(pin)[1]
        ?.match(/^([\d.]+)/) ?? [];

    expect(page.text).toContain(`| ${tool} ${version} |`);
  });

  test('shows the items as Tailrace writes them', () => {
    const tables: Record<string, unknown[]> = JSON.parse(readFileSync('findings/compared/tables.json', 'utf8'));
    const written = Object.values(tables)
      .flat()
      .map((item) => canonicalJson(item, 'Item'));

    expect(page.text).toContain(`\`\`\`json\n${written.join('\n')}\n\`\`\``);
  });
});

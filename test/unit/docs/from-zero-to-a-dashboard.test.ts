import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { docsPage } from '../../support/docs/page.ts';
import { shownSteps, withPrinted } from '../../support/docs/shown-sessions.ts';
import type { RecordingStream } from '../../support/memory/recording-stream.ts';
import { backfillCommandIn } from '../../support/stages/backfill-command.ts';
import { commandStage } from '../../support/stages/command-stage.ts';
import { tableDescription } from '../../support/stream/table-description.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';

const PAGE = 'from-zero-to-a-dashboard.md';
const AWS_PART = /^## The hour, [\s\S]*/m;
const page = await docsPage(PAGE);
const [awsPart = ''] = AWS_PART.exec(page.text) ?? [];

const ORDERS = 12_408;
/** As a backfill reads by itself. */
const SEGMENTS = 4;
const ADDED = { added: ORDERS, removed: 0, different: 0, unchanged: 0 };
const CREATED = ['Orders_changelog', 'Orders_latest', 'tailrace_snapshots'];

/** A table on AWS whose stream is off until a command switches it on, and an empty dataset. */
function firstHour() {
  let isOn = false;
  const { table, stream } = tableDescription();
  const counted = { table: { ...table, arn: 'arn:aws:dynamodb:eu-central-1:123456789012:table/Orders' } };
  const described = tableDescription({ ...counted, itemCount: 12_400, sizeBytes: 14_800_000 });
  const items = Array.from({ length: ORDERS }, (_, index) => ({ id: { S: `${index}` } }));
  return backfillCommandIn(temporaryFolder)(
    items,
    {
      describe: async () => ({ ...described, stream: isOn ? stream : null }),
      enableStream: async () => {
        isOn = true;
      },
      scan: async ({ segment }) => ({
        items: items.filter((_, index) => index % SEGMENTS === segment),
        lastKey: null,
        consumedUnits: 452,
      }),
    },
    undefined,
    {
      prepare: async () => ({ created: isOn ? [] : CREATED }),
      ownedObjects: async () => ({ objects: [], left: [], hasLedger: true }),
      compareStates: async () => ADDED,
    },
    { isLocal: false, launcher: 'npx tailrace', env: { TAILRACE_DESTINATION: 'bigquery:my-project.shop' } },
  );
}

const isTailrace = (line: string) => line.startsWith('npx tailrace ');

describe(`docs/${PAGE}`, () => {
  test('links to what is there', async () => {
    for (const link of page.links) {
      expect(await page.leads(link), link).toBe(true);
    }
  });

  test("shows columns as the shop's schema file has them", async () => {
    const file = JSON.parse(await readFile(new URL('../../../schemas/Orders.json', import.meta.url), 'utf8'));
    const [, shown = ''] = /^```json\n(.*?)^```$/ms.exec(page.text) ?? [];
    const columns: readonly object[] = JSON.parse(`[${shown}]`);

    expect(columns.length).toBeGreaterThan(5);
    for (const column of columns) expect(file.columns).toContainEqual(expect.objectContaining(column));
  });

  test.each(page.commands.map((args) => [args.join(' '), args] as const))(
    'shows a command that can be typed: tailrace %s',
    async (line) => {
      const stage = commandStage({ env: { TAILRACE_DESTINATION: 'duckdb:shop.duckdb' } });

      await stage.tailrace(...wordsOf(line));

      // The command is valid: it fails only where it reaches for the world.
      expect(stage.stderr.text).toMatch(/Unexpected failure: Error|was not expected/);
    },
  );

  // Run it with --update to rewrite the page.
  test('shows what the commands print about a table on AWS and a dataset', async () => {
    const stage = firstHour();
    const shown = asShown(stage);
    const printed: string[] = [];
    const state = temporaryFolder();
    for (const { commands, prints } of shownSteps(awsPart)) {
      const lines = commands.split('\n').filter(isTailrace);
      if (prints === null || lines.length === 0) {
        printed.push(prints ?? '');
        continue;
      }
      for (const line of lines) {
        expect(await stage.tailrace(...wordsOf(line).slice(2), '--state', state), stage.stderr.text).toBe(0);
      }
      printed.push(shown.splice(0).join('').replaceAll(` --state ${state}`, ''));
    }

    const expected = page.text.replace(AWS_PART, () => withPrinted(awsPart, printed));
    await expect(expected).toMatchFileSnapshot(new URL(`../../../docs/${PAGE}`, import.meta.url).pathname);
  });
});

/** What a terminal shows from now on: both streams, in the order of the writes. */
function asShown({ stdout, stderr }: Record<'stdout' | 'stderr', RecordingStream>): string[] {
  const shown: string[] = [];
  for (const stream of [stdout, stderr]) {
    const write = stream._write.bind(stream);
    stream._write = (chunk, encoding, done) => {
      shown.push(String(chunk));
      write(chunk, encoding, done);
    };
  }
  return shown;
}

/** The words of a command line, by a shell's quotes. */
function wordsOf(line: string): readonly string[] {
  return [...line.replace(/ [>&].*/, '').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}

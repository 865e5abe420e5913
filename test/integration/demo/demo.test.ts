import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DemoOptions, runDemo } from '../../../demo/demo.ts';
import { startEmbeddedServer } from '../../../demo/embedded-server.ts';
import type { Panel, Scene } from '../../../demo/panel.ts';
import { systemClock } from '../../../src/clock.ts';
import { systemRandom } from '../../../src/random.ts';
import { createAwsClients } from '../../../src/source/aws-clients.ts';
import { kind } from '../../support/vitest/kind.ts';

/** The views of both schema files. */
const VIEWS = [
  'Orders',
  'Orders__lines',
  'Tearoom__customers',
  'Tearoom__visits',
  'Tearoom__reviews',
  'Tearoom__stock',
  'Tearoom__carts',
];

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function play(parts: Partial<DemoOptions> = {}, onScene = () => {}) {
  const lines: string[] = [];
  const scenes: Scene[] = [];
  const show = (scene: Scene) => {
    scenes.push(scene);
    onScene();
  };
  const panel: Panel = { print: (line) => lines.push(line), show, close: () => {} };
  const result = await runDemo({
    directory,
    items: 200,
    changesPerSecond: 40,
    followMs: 2_000,
    clock: systemClock,
    random: systemRandom,
    panel,
    signal: new AbortController().signal,
    ...parts,
  });
  return { result, lines, scenes };
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** The verdict of each table, by its name. */
function verdictsOf({ verdicts }: Awaited<ReturnType<typeof play>>['result']) {
  return Object.fromEntries(verdicts.map(({ table, verify }) => [table, verify.verdict]));
}

test('the demo follows all writes of both tables, and ends with both sides in agreement', async () => {
  const { result, lines, scenes } = await play();

  expect(verdictsOf(result)).toEqual({ Orders: 'agree', Tearoom: 'agree' });
  expect(result.verdicts[0]?.verify.sourceItems).toBeGreaterThan(200);
  expect(result.verdicts[1]?.verify.sourceItems).toBeGreaterThan(60);
  expect(result.changes).toBeGreaterThan(40);
  expect(result.freshness?.p50).toBeLessThan(2_000);
  expect(lines.map((line) => line.split(' ')[0])).toEqual(
    'DynamoDB table table setup setup views backfill backfill views tail verify verify'.split(' '),
  );
  for (const { result: answer } of scenes.at(-1)?.answers ?? []) expect(answer.rows.length).toBeGreaterThan(1);
});

test('every item of the single table is in a view of its kind, and each column of all views has values that fit', async () => {
  const empty: string[] = [];
  let isEachInOne: unknown;
  const { lines } = await play({
    beforeVerdict: async (destination) => {
      for (const view of VIEWS) {
        const { columns, rows } = await destination.query(`FROM "${view}"`);
        const isEmptyColumn = (index: number) => rows.every((row) => isEmpty(row[index]));
        empty.push(...columns.filter((_, index) => isEmptyColumn(index)).map((column) => `${view}.${column}`));
      }
      const counts = VIEWS.slice(2).map((view) => `(SELECT count(*) FROM "${view}")`);
      const { rows } = await destination.query(`SELECT count(*) = ${counts.join(' + ')} FROM "Tearoom_latest"`);
      isEachInOne = rows[0]?.[0];
    },
  });

  expect(empty).toEqual([]);
  expect(isEachInOne).toBe(true);
  expect(lines).toContain(`views     created: ${VIEWS.join(', ')}`);
  expect(lines).toContainEqual(expect.stringMatching(/^views {5}\d+ columns: every value fits$/));
});

test('at an endpoint of the user, tables and views have names of their own, and no table stays', async () => {
  await using server = await startEmbeddedServer();
  using clients = await createAwsClients(server);

  const { result, lines, scenes } = await play({ endpointUrl: server.endpointUrl });

  const names = result.tables.map(({ name }) => name);
  expect(names).toEqual([
    expect.stringMatching(/^Orders-demo-[0-9a-f]{8}$/),
    expect.stringMatching(/^Tearoom-demo-[0-9a-f]{8}$/),
  ]);
  expect(verdictsOf(result)).toEqual({ [names[0] ?? '']: 'agree', [names[1] ?? '']: 'agree' });
  const views = lines.find((line) => line.startsWith('views'))?.split(/[ ,:]+/);
  for (const view of views?.slice(2) ?? []) expect(view).toMatch(/^(?:Orders|Tearoom)_demo_[0-9a-f]{8}(?:__[a-z]+)?$/);
  expect(views?.length).toBe(VIEWS.length + 2);
  expect(scenes.at(-1)?.answers).toHaveLength(2);
  expect((await clients.dynamodb.send(new ListTablesCommand())).TableNames).toEqual([]);
});

test('a changelog row of one table that goes missing before the verdict is found, and of that table', async () => {
  const { result, lines } = await play({
    beforeVerdict: async (destination) => {
      await destination.execute(
        'DELETE FROM "Tearoom_changelog" WHERE position = (SELECT max(position) FROM "Tearoom_changelog")',
      );
    },
  });

  expect(verdictsOf(result)).toEqual({ Orders: 'agree', Tearoom: 'differ' });
  expect(lines.at(-1)).toBe(
    `verify    Tearoom: both sides differ: 1 finding in ${result.verdicts[1]?.verify.sourceItems} items`,
  );
});

test('Ctrl-C ends the tails, and the verdicts still come', async () => {
  const stop = new AbortController();

  const { result } = await play({ followMs: undefined, signal: stop.signal }, () => stop.abort());

  expect(verdictsOf(result)).toEqual({ Orders: 'agree', Tearoom: 'agree' });
});

test('Ctrl-C before changes are followed ends it at once, as interrupted', async () => {
  await expect(play({ signal: AbortSignal.abort() })).rejects.toMatchObject(kind('interrupted'));
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runDemo } from '../../../demo/demo.ts';
import type { Panel, Scene } from '../../../demo/panel.ts';
import type { PlayOptions } from '../../../demo/play.ts';
import { systemClock } from '../../../src/clock.ts';
import { systemRandom } from '../../../src/random.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tailrace-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function play(parts: Partial<PlayOptions> = {}, onScene = () => {}) {
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

test('the demo follows all writes, and ends with both sides in agreement', async () => {
  const { result, lines, scenes } = await play();

  expect(result.verify.verdict).toBe('agree');
  expect(result.verify.sourceItems).toBeGreaterThan(200);
  expect(result.changes).toBeGreaterThan(40);
  expect(result.freshness?.p50).toBeLessThan(2_000);
  expect(scenes.at(-1)?.dashboard.rows.length).toBeGreaterThan(1);
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['DynamoDB', 'table', 'setup', 'backfill', 'tail', 'verify']);
});

test('a changelog row that goes missing before the verdict is found', async () => {
  const { result, lines } = await play({
    beforeVerdict: async (destination) => {
      await destination.execute(
        'DELETE FROM "Orders_changelog" WHERE position = (SELECT max(position) FROM "Orders_changelog")',
      );
    },
  });

  expect(result.verify.verdict).toBe('differ');
  expect(result.verify.findings).toHaveLength(1);
  expect(lines.at(-1)).toContain('both sides differ: 1 finding');
});

test('Ctrl-C ends the tail, and the verdict still comes', async () => {
  const stop = new AbortController();

  const { result } = await play({ followMs: undefined, signal: stop.signal }, () => stop.abort());

  expect(result.verify.verdict).toBe('agree');
});

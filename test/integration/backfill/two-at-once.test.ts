import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ended, lastObject } from '../../support/process/tailrace-process.ts';
import { writtenTable } from '../../support/stages/written-table.ts';

const ITEMS = 80;
/** Six pages of a megabyte and more: with so slow a rate, some seconds of reading. */
const PADDING = 100_000;
/** Several of them are written to, which makes them small. */
const WRITTEN = 20;
const SLOWLY = ['--rate', '200'];

const stage = () => writtenTable(ITEMS, PADDING, WRITTEN);

test('from one directory the second is refused by name, and the first runs to its end', async () => {
  const { place, name, backfill, expectAgreement } = await stage();
  const first = place.start([...backfill, ...SLOWLY]);
  await expect
    .poll(() => existsSync(join(place.directory, '.tailrace', name, 'backfill.json')), { timeout: 20_000 })
    .toBe(true);

  const second = await place.tailrace(backfill);

  expect(second).toMatchObject({ code: 2, stdout: '' });
  expect(second.stderr).toMatch(
    new RegExp(
      `^tailrace: A backfill of ${name} is running: process \\d+ .+Wait for the other command to end, or stop it\\.\\n$`,
    ),
  );
  expect((await first.ended).code, first.stderr).toBe(0);
  await expectAgreement();
}, 90_000);

test('from two directories the first to be done is published, the other is left and named, and each of them is right', async () => {
  const { place, name, where, backfill, expectAgreement } = await stage();
  const run = (state: string) => place.start([...backfill, ...SLOWLY, '--state', state, '--json']).ended;

  // On a file that neither has seen: both make it, too.
  const ended = await Promise.all([run('a'), run('b')]);

  const [done, late]: readonly (Ended | undefined)[] = ended.toSorted((a, b) => (a.code ?? 9) - (b.code ?? 9));
  expect(done?.code, done?.stderr).toBe(0);
  expect(lastObject(done ?? { stdout: '' })).toMatchObject({ published: true, replaced_snapshot_id: null });
  expect(late?.code, late?.stderr).toBe(2);
  const refusal = lastObject({ stdout: late?.stderr ?? '' });
  expect(refusal).toMatchObject({ error: 'snapshot-superseded', context: { snapshot: expect.any(String) } });
  const { snapshot } = (refusal as { context: { snapshot: string } }).context;
  const list = await place.tailrace(['snapshots', 'list', name, ...where, '--json']);
  const states = list.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .slice(0, -1)
    .map(({ snapshot_id, state }) => [state, snapshot_id]);
  expect(states).toContainEqual(['kept', snapshot]);
  expect(states.map(([state]) => state).toSorted()).toEqual(['kept', 'published']);

  const published = await place.tailrace(['snapshots', 'publish', name, snapshot, ...where]);
  expect(published.code, published.stderr).toBe(0);
  await expectAgreement();
}, 90_000);

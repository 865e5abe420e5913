import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freePort } from '../../../demo/free-port.ts';
import { SHOP } from '../../../demo/shop.ts';
import { setStage } from '../../../demo/stage.ts';
import { seededRandom } from '../../support/values/seeded-random.ts';
import { kind } from '../../support/vitest/kind.ts';

const MAIN = fileURLToPath(new URL('../../../demo/main.ts', import.meta.url));

test.each([
  ['an unknown option', ['--everything'], '--everything'],
  ['text in place of a number', ['--items', 'many'], '--items'],
  ['a directory that can not be created', ['--directory', '/dev/null/demo'], '/dev/null/demo'],
])('%s is named in one line, and the exit code is 2', (_, args, named) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });

  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^tailrace: .+\n$/);
  expect(stderr).toContain(named);
  expect(stderr).not.toContain('Unexpected');
});

test('the message names an endpoint that does not answer', async () => {
  const endpointUrl = `http://127.0.0.1:${await freePort()}`;

  await expect(setStage(endpointUrl, SHOP, seededRandom(1))).rejects.toMatchObject({
    ...kind('source-unavailable'),
    message: expect.stringContaining(endpointUrl),
  });
});

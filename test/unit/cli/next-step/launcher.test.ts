import { expect, test } from 'vitest';
import { launcherOf } from '../../../../cli/next-step/launcher.ts';

const CHECKOUT = '/home/me/tailrace';
const BIN = `${CHECKOUT}/bin/tailrace.js`;
const NPX = { npm_command: 'exec', npm_lifecycle_event: 'npx', npm_lifecycle_script: "'tailrace' 'tail' 'Orders'" };
const LINK = '/root/.npm/_npx/5bd2/node_modules/.bin/tailrace';

test.each<[string, string, Record<string, string>, string, string, string?]>([
  ['npx', LINK, NPX, CHECKOUT, 'npx tailrace'],
  ['npx, in a folder of the checkout', BIN, NPX, `${CHECKOUT}/docs`, 'npx tailrace'],
  ['node, in the checkout', BIN, {}, CHECKOUT, 'node bin/tailrace.js'],
  ['node, in a folder of the checkout', BIN, {}, `${CHECKOUT}/docs`, 'node ../bin/tailrace.js'],
  ['node, in the folder of the script', BIN, {}, `${CHECKOUT}/bin`, 'node ./tailrace.js'],
  ['node, from far away', BIN, {}, '/var/lib/jobs/of/the/night', `node ${BIN}`],
  [
    'node, below a folder with a space',
    '/home/me/my code/bin/tailrace.js',
    {},
    '/',
    "node 'home/me/my code/bin/tailrace.js'",
  ],
  ['a Node of its own', BIN, {}, CHECKOUT, 'node_modules/.bin/node bin/tailrace.js', 'node_modules/.bin/node'],
  ['its name, on the path', '/usr/local/bin/tailrace', { PATH: '/bin:/usr/local/bin' }, '/', 'tailrace'],
  [
    'a path to its name',
    `${CHECKOUT}/node_modules/.bin/tailrace`,
    { PATH: '/bin' },
    CHECKOUT,
    'node_modules/.bin/tailrace',
  ],
  [
    'its name in a script of npm',
    `${CHECKOUT}/node_modules/.bin/tailrace`,
    { PATH: `${CHECKOUT}/node_modules/.bin:/bin`, npm_command: 'run-script', npm_lifecycle_event: 'nightly' },
    CHECKOUT,
    'npx tailrace',
  ],
  [
    'node, by another command that npx runs',
    BIN,
    { ...NPX, npm_lifecycle_script: "'vitest' 'run'" },
    CHECKOUT,
    'node bin/tailrace.js',
  ],
])('started by %s, it is started so again', (_, script, env, cwd, launcher, node = 'node') => {
  expect(launcherOf({ node, script }, { env, cwd, platform: 'linux' })).toBe(launcher);
});

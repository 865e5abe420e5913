import { expect, test } from 'vitest';
import { createWorkplace } from '../../support/process/tailrace-process.ts';

/** Lists on stderr what the process loads of packages and of its own files. */
const LISTING = `import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) process.stderr.write('loaded ' + url + '\\n');
    return next(url, context);
  },
});`;

/** More would be felt at each start: a file takes about half a millisecond. */
const MOST_OWN_FILES = 25;

test.each([
  [['--version']],
  [['--help']],
  [['help', 'backfill']],
  [['verify', '--help']],
  [['replay', '--help']],
  [['snapshots', 'list', '--help']],
  [['dead-letters']],
  [['tial']],
  [['query', 'SELECT 1', '--jsn']],
  [['backfill', 'orders', '--segments', 'many']],
  [['tail']],
  [['setup', 'orders']],
])('%j loads no client, and few files', async (args) => {
  await using workplace = await createWorkplace();

  const { stderr } = await workplace.tailrace(args, {
    nodeOptions: ['--import', `data:text/javascript,${encodeURIComponent(LISTING)}`],
  });

  const loaded = [...stderr.matchAll(/^loaded (.*)$/gm)].map(([, url = '']) => url);
  const packages = loaded.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []);
  expect([...new Set(packages)].sort()).toEqual(['@commander-js/extra-typings', 'commander']);
  expect(loaded.length - packages.length).toBeLessThanOrEqual(MOST_OWN_FILES);
});

import { expect, test, vi } from 'vitest';
import { startEmbeddedServer } from '../../../demo/embedded-server.ts';
import { kind } from '../../support/vitest/kind.ts';

// What Node says where npm has skipped the package: it is for one platform only.
vi.mock('node:module', async (original) => ({
  ...(await original<typeof import('node:module')>()),
  createRequire: () => ({
    resolve: (name: string) => {
      throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
    },
  }),
}));

test('on a platform without the embedded server it says so, and how to give an endpoint', async () => {
  await expect(startEmbeddedServer()).rejects.toMatchObject({
    ...kind('config-invalid'),
    message: expect.stringContaining(process.platform),
    remedy: expect.stringContaining('npm start -- --endpoint-url'),
  });
});

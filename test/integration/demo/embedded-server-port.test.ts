import { expect, test, vi } from 'vitest';
import { startEmbeddedServer } from '../../../demo/embedded-server.ts';

const free = vi.hoisted(() => ({ next: null as number | null }));

vi.mock('node:net', async (original) => {
  const net = await original<typeof import('node:net')>();
  return {
    ...net,
    createServer: () => {
      const server = net.createServer();
      const taken = free.next;
      free.next = null;
      return taken === null ? server : Object.assign(server, { address: () => ({ port: taken }) });
    },
  };
});

test('if another process takes the free port first, the server tries another port', async () => {
  await using first = await startEmbeddedServer();
  free.next = Number(new URL(first.endpointUrl).port);

  await using second = await startEmbeddedServer();

  expect(free.next).toBeNull();
  expect(second.endpointUrl).not.toBe(first.endpointUrl);
});

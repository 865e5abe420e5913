import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { startDynoxide } from '../../support/stream/dynoxide.ts';

test('it answers as soon as it is started, and no longer once it is disposed of', async () => {
  const server = await startDynoxide();

  const table = await server.createTable({ keys: { pk: 'S', sk: 'N' } });

  expect(await server.client.send(new ListTablesCommand())).toMatchObject({ TableNames: [table.name] });
  expect(table.streamArn).toMatch(/\/stream\//);
  await server[Symbol.asyncDispose]();
  await expect(fetch(server.endpointUrl)).rejects.toThrow();
});

test('many start at once, each on a port of its own', async () => {
  const servers = await Promise.all(Array.from({ length: 6 }, startDynoxide));

  expect(new Set(servers.map(({ endpointUrl }) => endpointUrl)).size).toBe(6);
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
});

test('it ends with the process that started it, even one that is killed', async () => {
  const module = new URL('../../../demo/embedded-server.ts', import.meta.url).href;
  const script = `const { startEmbeddedServer } = await import(${JSON.stringify(module)});
    console.log((await startEmbeddedServer()).endpointUrl); setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(owner.stdout, 'data');
  const endpointUrl = String(line).trim();
  expect((await fetch(endpointUrl)).status).toBe(200);

  owner.kill('SIGKILL');
  await once(owner, 'exit');

  await expect
    .poll(
      () =>
        fetch(endpointUrl).then(
          () => 'alive',
          () => 'ended',
        ),
      { timeout: 5000 },
    )
    .toBe('ended');
});

import { describe, expect, inject, test } from 'vitest';
import { docsPage } from '../../support/docs/page.ts';
import { benchBeside } from './bench.ts';
import { startServer } from './running-server.ts';
import { SERVER_KINDS } from './servers.ts';
import { SITUATIONS } from './situations.ts';

const launches = inject('dynamoDbServers');
const { text } = await docsPage('development-servers.md');
const [header = [], , ...rows] = text.split('\n').flatMap((line) => (line.startsWith('|') ? [cellsOf(line)] : []));

/** What the page's `no` stands for, in a command's words or in those of what was done. */
const REFUSALS: Readonly<Record<string, RegExp>> = {
  'no: has no streams': /has no streams/,
  'no: takes no writes any more': /the server takes no writes any more/,
  'no: the new stream has the old records': /"verdict":"differ".*"missing":0/,
};

test('the page lists exactly the servers and the situations that are played', () => {
  expect(header.slice(1)).toEqual(SERVER_KINDS.map(({ name, version }) => `${name} ${version}`));
  expect(rows.map(([situation]) => situation)).toEqual(SITUATIONS.map(({ name }) => name));
});

describe.each(SERVER_KINDS.map((kind, index) => ({ ...kind, column: index + 1 })))('$name $version', (kind) => {
  const launch = launches[kind.name] ?? null;

  test.skipIf(launch === null).concurrent.each(SITUATIONS)('$name', async ({ name, play }) => {
    if (launch === null) return;
    const documented = rows.find(([situation]) => situation === name)?.[kind.column] ?? 'nothing';
    let server = await startServer(launch);
    const port = Number(new URL(server.endpointUrl).port);
    await using bench = await benchBeside(server);
    try {
      const outcome = await play(bench, async () => {
        await server[Symbol.asyncDispose]();
        server = await startServer(launch, port);
      });
      expect(outcome).toMatch(documented === 'works' ? /^works$/ : (REFUSALS[documented] ?? /^documented$/));
    } finally {
      await server[Symbol.asyncDispose]();
    }
  });
});

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

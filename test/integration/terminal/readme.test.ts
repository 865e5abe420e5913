import { readFile } from 'node:fs/promises';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookLikeCheckout, startShell } from '../../support/process/shell-session.ts';
import { createWorkplace, type Workplace } from '../../support/process/tailrace-process.ts';
import { type Dynoxide, startDynoxide } from '../../support/stream/dynoxide.ts';

/** What stands on the screen below a line, by the line's first words. */
const SHOWN: readonly (readonly [line: string, below: RegExp])[] = [
  ['export', /^$/],
  ['npx tailrace setup', /Created in duckdb:shop\.duckdb: Orders_changelog, .*switched on/s],
  ['npx tailrace tail', /^\[1\] \d+/],
  ['npx tailrace backfill', /3 items of Orders in .*Published: /s],
  ['npx tailrace verify', /They agree: 3 items in Orders/],
  ['npx tailrace query', /{"pk":"order-1"}/],
  ['kill', /^/],
];

/** The line of a tail, which must not be drawn over and over. */
const STATUS = /Orders: \d+ records?, \d+\/s/;

let server: Dynoxide;
let workplace: Workplace;
let lines: readonly string[];
beforeAll(async () => {
  [server, workplace] = await Promise.all([startDynoxide(), createWorkplace()]);
  await lookLikeCheckout(workplace.directory);
  await server.createTable({ name: 'Orders', stream: null });
  for (const id of ['order-1', 'order-2', 'order-3']) {
    await server.client.send(new PutItemCommand({ TableName: 'Orders', Item: { pk: { S: id } } }));
  }
  const page = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  lines = (blocks.find((block) => block.includes('tailrace tail')) ?? '').split('\n').filter((line) => line !== '');
});
afterAll(async () => {
  await workplace[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test("each line of the README's first screen shows what it promises, beside the tail in the background", async () => {
  await using shell = await startShell('bash', workplace.directory, { AWS_ENDPOINT_URL: server.endpointUrl });
  const typed: string[] = [];
  for (const line of lines) {
    const below = SHOWN.find(([words]) => line.startsWith(words))?.[1];
    expect(below, `no promise is known of "${line}"`).toBeDefined();

    const code = await shell.run(line);
    typed.push(line);

    // Until the tail follows, its first lines come at any time.
    if (line.endsWith('&')) await shell.waitFor(/`kill \d+` stops it/);
    if (line.startsWith('kill')) await shell.waitFor(/Stopped: \d+ records? of Orders read, 0 set aside/);
    const screen = await shell.screen();
    const shown = screen.slice(screen.lastIndexOf(line) + line.length).replace(/\n<\d+>\$$/, '');
    expect([line, code]).toEqual([line, 0]);
    expect(shown.trim()).toMatch(below ?? expect.unreachable());
    // Nothing that was typed or shown before is gone.
    for (const earlier of typed) expect(screen).toContain(earlier);
  }
  const whole = await shell.screen();
  const drawn = whole.split('\n').filter((line) => STATUS.test(line));
  expect(drawn.length, whole).toBeLessThanOrEqual(3);
  expect(whole).not.toMatch(/\bundefined\b|\bError\b/);
});

test('the lines hold no comment: zsh, the shell of macOS, takes one for arguments', () => {
  expect(lines.filter((line) => line.includes('#'))).toEqual([]);
});

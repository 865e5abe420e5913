import { expect, test } from 'vitest';
import { commandStage } from '../../../../support/stages/command-stage.ts';

const RIGHT = JSON.stringify({
  columns: [{ name: 'id', type: 'STRING' }],
  views: [{ name: 'orders_lines', unnest: 'lines', columns: [{ name: 'id', type: 'STRING' }] }],
});

function stageOf(files: Readonly<Record<string, string>>) {
  const stage = commandStage({ files });
  return { ...stage, check: (...args: readonly string[]) => stage.tailrace('schema', 'check', ...args) };
}

test('schema check says what each file declares, without a destination', async () => {
  const stage = stageOf({ 'schemas/Orders.json': RIGHT, 'schemas/Users.json': '{}' });

  expect(await stage.check()).toBe(0);

  expect(stage.stdout.lines).toEqual([
    'schemas/Orders.json: 1 column and 1 more view.',
    'schemas/Users.json: 0 columns and 0 more views.',
  ]);
  expect(stage.doings).toEqual([]);
});

test('schema check gives a script an object for each file', async () => {
  const stage = stageOf({ 'schemas/Orders.json': RIGHT });

  expect(await stage.check('Orders', '--json')).toBe(0);

  expect(JSON.parse(stage.stdout.text)).toEqual({
    table: 'Orders',
    file: 'schemas/Orders.json',
    columns: 1,
    views: 1,
  });
});

test('schema check names every problem of every file at once', async () => {
  const stage = stageOf({
    'schemas/Orders.json': '{"columns": [{"name": "a b", "type": "STRING"}], "colour": 1}',
    'schemas/Users.json': '{"table": "Orders", "columns": [{"name": "a", "type": "X"}]}',
    'schemas/Broken.json': '{',
  });

  expect(await stage.check()).toBe(2);

  for (const problem of [
    'schemas/Orders.json: columns[0].name: "a b" isn\'t a column\'s name',
    'the file: unrecognized key: "colour"',
    'schemas/Users.json: columns[0].type: expected one of STRING',
    'table: the file is named for the table Users, and says another',
    'schemas/Broken.json: is not JSON at line 1',
  ]) {
    expect(stage.stderr.text).toContain(problem);
  }
  expect(stage.stdout.text).toBe('');
});

test('schema check refuses two files with a view of one name', async () => {
  const view = (name: string) => JSON.stringify({ name, columns: [{ name: 'id', type: 'STRING' }] });
  const stage = stageOf({ 'schemas/Orders.json': view('shop'), 'schemas/Users.json': view('Shop') });

  expect(await stage.check()).toBe(2);

  expect(stage.stderr.text).toContain(
    'schemas/Users.json: the view Shop has the name of one in schemas/Orders.json: names are compared without case',
  );
});

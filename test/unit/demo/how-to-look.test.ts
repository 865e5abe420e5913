import { expect, test } from 'vitest';
import { howToLook } from '../../../demo/how-to-look.ts';
import { SHOP } from '../../../demo/shop.ts';

function lines(file: string, ending = ''): readonly string[] {
  return howToLook({ file, tables: SHOP.map((shop) => ({ shop, name: `${shop.name}${ending}` })) }, 'linux').split(
    '\n',
  );
}

test('the typed views can be opened in a terminal, a notebook, a spreadsheet and Tableau', () => {
  const file = '.tailrace/demo/shop.duckdb';

  expect(lines(file).filter((line) => line.startsWith('    '))).toEqual([
    `    npx tailrace query 'SELECT title, sum(quantity) AS sold FROM "Orders__lines" GROUP BY title ORDER BY sold DESC' --destination duckdb:${file}`,
    '    import duckdb',
    `    duckdb.connect("${file}", read_only=True).sql('FROM "Orders"').df()`,
    `    npx tailrace export Orders --format csv --out orders.csv --destination duckdb:${file}`,
    `    npx tailrace export Orders --format hyper --out orders.hyper --destination duckdb:${file}`,
    `    npx tailrace tableau Orders --view Orders --extract orders.hyper --out orders.tds --destination duckdb:${file}`,
    `    npx tailrace status --destination duckdb:${file}`,
  ]);
});

test('where the tables have names of their own, so have the views', () => {
  const text = lines('shop.duckdb', '-demo-0a1b').join('\n');

  expect(text).toContain(`.sql('FROM "Orders_demo_0a1b"')`);
  expect(text).toContain('FROM "Orders_demo_0a1b__lines"');
  expect(text).toContain('export Orders-demo-0a1b ');
  // Its schema file is of another name.
  expect(text).not.toContain('tailrace tableau');
  expect(text).not.toMatch(/"Orders"|Orders__lines| Orders /);
});

test("a file's name with spaces and quotes is one word of each command, and a string of Python", () => {
  const text = lines(`it's "mine".duckdb`).join('\n');

  expect(text).toContain(`--destination 'duckdb:it'\\''s "mine".duckdb'`);
  expect(text).toContain(String.raw`duckdb.connect("it's \"mine\".duckdb", read_only=True)`);
});

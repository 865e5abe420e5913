import { shellWord } from '../cli/next-step/shell-word.ts';
import { objectNames } from '../src/names/object-names.ts';
import { duckdb } from '../src/views/duckdb.ts';
import type { DemoResult } from './demo.ts';
import { ORDERS } from './orders.ts';
import { viewName } from './typed-views.ts';

/** The lines that open the demo's file and its typed views in other programs. */
export function howToLook({ file, tables }: Pick<DemoResult, 'file' | 'tables'>, platform: NodeJS.Platform): string {
  const word = (text: string) => shellWord(text, platform);
  const orders = tables.find(({ shop }) => shop === ORDERS)?.name ?? ORDERS.name;
  const view = duckdb.table(objectNames(orders).typed);
  const lines = duckdb.table(viewName('Orders__lines', tables));
  const products = `SELECT title, sum(quantity) AS sold FROM ${lines} GROUP BY title ORDER BY sold DESC`;
  const destination = `--destination ${word(`duckdb:${file}`)}`;
  const sections: readonly (readonly [string, ...string[]])[] = [
    ['In a terminal:', `npx tailrace query ${word(products)} ${destination}`],
    [
      'In a notebook, as a DataFrame (pip install duckdb pandas):',
      'import duckdb',
      `duckdb.connect(${JSON.stringify(file)}, read_only=True).sql('FROM ${view}').df()`,
    ],
    ['In a spreadsheet:', `npx tailrace export ${orders} --format csv --out orders.csv ${destination}`],
    ['In Tableau, as an extract (pip install tableauhyperapi):', ...inTableau(orders, destination)],
    ['What it holds, and how new it is:', `npx tailrace status ${destination}`],
  ];
  return [
    '',
    `The DuckDB file stays: ${file}`,
    ...sections.flatMap(([title, ...texts]) => ['', `  ${title}`, ...texts.map((text) => `    ${text}`)]),
    '',
    '',
  ].join('\n');
}

/** The data source comes of the schema file, which a table of another name has not. */
function inTableau(orders: string, destination: string): readonly string[] {
  const extract = `npx tailrace export ${orders} --format hyper --out orders.hyper ${destination}`;
  const source = `npx tailrace tableau ${orders} --view ${orders} --extract orders.hyper --out orders.tds ${destination}`;
  return orders === ORDERS.name ? [extract, source] : [extract];
}

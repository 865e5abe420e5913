// Draws a dashboard of the typed view: two charts, and rows as they are. draw.sh runs it, with the folder of the answers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vega from 'vega';
import { compile } from 'vega-lite';

const [folder] = process.argv.slice(2);
const answer = (name) =>
  readFileSync(join(folder, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const rows = answer('rows.json');
const columns = Object.keys(rows[0]);
const cells = rows.flatMap((row, index) =>
  columns.map((column) => ({ row: index + 1, column, text: String(row[column]) })),
);

const revenueBy = (name, title) => ({
  title,
  width: 380,
  height: 150,
  data: { values: answer(name) },
  mark: { type: 'bar', height: { band: 0.7 } },
  encoding: {
    y: { field: columns.find((column) => column in answer(name)[0]), type: 'nominal', sort: '-x', title: null },
    x: { field: 'revenue', type: 'quantitative', title: 'EUR', axis: { format: ',d', tickCount: 5 } },
  },
});

const table = {
  title: 'Orders: the newest rows',
  width: 980,
  height: 22 * (rows.length + 1),
  data: { values: [...columns.map((column) => ({ row: 0, column, text: column })), ...cells] },
  mark: { type: 'text', align: 'left', dx: -62, font: 'ui-monospace, Menlo, Consolas, monospace', fontSize: 11 },
  encoding: {
    y: { field: 'row', type: 'ordinal', axis: null },
    x: { field: 'column', type: 'nominal', sort: columns, axis: null },
    text: { field: 'text' },
    color: { condition: { test: 'datum.row === 0', value: '#888' }, value: '#222' },
  },
};

const { spec } = compile({
  background: 'white',
  padding: 20,
  config: { font: 'system-ui, sans-serif', title: { anchor: 'start', fontSize: 14 }, view: { stroke: null } },
  vconcat: [
    { hconcat: [revenueBy('cities.json', 'Revenue by city'), revenueBy('products.json', 'Revenue by first product')] },
    table,
  ],
});
const svg = await new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG();
process.stdout.write(`${svg}\n`);

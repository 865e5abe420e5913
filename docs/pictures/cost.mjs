// Draws how long a grouped query takes, by the length of the history, each way. plot-cost.sh runs it, with the bench's results.
import { readFileSync } from 'node:fs';
import * as vega from 'vega';
import { compile } from 'vega-lite';

const [results] = process.argv.slice(2);
const HEAD = '| items | history | query | (a) | (b) | (c) | (d) |';
const WAYS = ['plain table', 'typed view, never compacted', 'typed view, compacted', 'view that ranks all rows'];

const [, section = ''] = readFileSync(results, 'utf8').split(HEAD);
const rows = section
  .split('\n\n')[0]
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, , , query]) => query === 'grouped');
const values = rows.flatMap(([, items, history, , ...times]) =>
  WAYS.map((way, index) => ({
    items: Number(items),
    history,
    way,
    below: index % 2 === 0,
    ms: Number.parseFloat(times[index]),
  })),
);

const label = (ms) => (ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en'));
const { spec } = compile({
  background: 'white',
  padding: 20,
  config: { font: 'system-ui, sans-serif', view: { stroke: null }, axis: { labelFontSize: 11, titleFontSize: 12 } },
  data: { values: values.map((value) => ({ ...value, label: label(value.ms) })) },
  facet: {
    column: {
      field: 'items',
      type: 'ordinal',
      title: null,
      header: { labelExpr: "format(datum.value, ',') + ' items'", labelFontSize: 14, labelFontWeight: 'bold' },
    },
  },
  resolve: { scale: { x: 'independent' } },
  spec: {
    width: 360,
    height: 300,
    encoding: {
      x: {
        field: 'history',
        type: 'ordinal',
        sort: null,
        title: 'changes in the history, times the items',
        axis: { labelAngle: 0 },
      },
      y: {
        field: 'ms',
        type: 'quantitative',
        scale: { type: 'log', domainMin: 0.5 },
        title: 'a grouped query, ms',
        axis: { format: ',~g', values: [1, 10, 100, 1_000, 10_000, 100_000] },
      },
      color: {
        field: 'way',
        type: 'nominal',
        sort: WAYS,
        scale: { range: ['#8c8c8c', '#e08214', '#1b7837', '#b2182b'] },
        legend: { orient: 'bottom', columns: 2, title: null, labelLimit: 400, labelFontSize: 12, symbolType: 'circle' },
      },
    },
    layer: [
      { mark: { type: 'line', point: { size: 60, filled: true } } },
      {
        mark: { type: 'text', dy: { expr: 'datum.below ? 15 : -11' }, fontSize: 11 },
        encoding: { text: { field: 'label' } },
      },
    ],
  },
});
const svg = await new vega.View(vega.parse(spec), { renderer: 'none' }).toSVG();
process.stdout.write(`${svg}\n`);

import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { BREAKAGES } from './run/breakages.ts';
import { simulate } from './run/simulate.ts';

/** A breakage must be found within so many histories. */
const WITHIN = 1_000;
/** Any seed will do; this one's histories are played in the tests too. */
const SEED = 1;

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const chosen = BREAKAGES.filter(({ name }) => values.only === undefined || name.includes(values.only));

const table = new Table({
  head: ['breakage', 'found by history', 'as'],
  style: { head: [], border: [] },
  colWidths: [46, 18, 76],
});
let missed = 0;
for (const breakage of chosen) {
  const { divergences, histories } = await simulate({ histories: WITHIN, seed: SEED, breakage, untilFirst: true });
  const [first] = divergences;
  if (!first) missed++;
  process.stderr.write(`${first ? 'found' : 'MISSED'}: ${breakage.name}\n`);
  table.push([
    breakage.name,
    first ? `${first.seed - SEED + 1}` : `none of ${histories}`,
    first?.violations[0]?.split('\n')[0]?.slice(0, 72) ?? 'MISSED',
  ]);
}
process.stdout.write(`${table.toString()}\n${chosen.length - missed} of ${chosen.length} breakages found\n`);
process.exitCode = missed > 0 || chosen.length === 0 ? 1 : 0;

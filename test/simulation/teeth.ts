import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { Breakage } from './run/breakage.ts';
import { BREAKAGES } from './run/breakages.ts';
import { simulate } from './run/simulate.ts';

/** A breakage must be found within this many histories. */
const WITHIN = 1_000;
/** Any seed will do. */
const SEED = 1;

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const chosen = BREAKAGES.filter(({ name }) => values.only === undefined || name.includes(values.only));

const table = new Table({
  head: ['breakage', 'found by history', 'violation'],
  style: { head: [], border: [] },
  colWidths: [48, 18, 76],
});
let missed = 0;
for (const breakage of chosen) {
  const { foundBy, violation } = await bite(breakage);
  if (foundBy === null) missed++;
  process.stderr.write(`${foundBy === null ? 'MISSED' : `found by history ${foundBy}`}: ${breakage.name}\n`);
  table.push([breakage.name, foundBy ?? 'MISSED', violation.split('\n')[0]?.slice(0, 72)]);
}
process.stdout.write(`${table.toString()}\n${chosen.length - missed} of ${chosen.length} breakages found\n`);
process.exitCode = missed > 0 || chosen.length === 0 ? 1 : 0;

/** Plays histories on the broken product until one goes wrong. */
async function bite(breakage: Breakage): Promise<{ readonly foundBy: number | null; readonly violation: string }> {
  try {
    const { divergences, histories } = await simulate({ histories: WITHIN, seed: SEED, breakage, untilFirst: true });
    const [first] = divergences;
    if (!first) return { foundBy: null, violation: `none in ${histories} histories` };
    return { foundBy: first.seed - SEED + 1, violation: first.violations[0] ?? '' };
  } catch (error) {
    // The breakage no longer fits the product.
    return { foundBy: null, violation: error instanceof Error ? error.message : String(error) };
  }
}

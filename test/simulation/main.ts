import { parseArgs } from 'node:util';
import { failures, rareKinds, shrinkHistory, simulate } from './run/simulate.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string' },
  },
});
const histories = wholeNumber(values.histories, '--histories');
const seed = wholeNumber(values.seed, '--seed');
const say = (line: string) => process.stderr.write(`${line}\n`);

const result = await simulate({
  histories,
  seed,
  ...(values.workers !== undefined && { workers: wholeNumber(values.workers, '--workers') }),
  onProgress: (done) => {
    if (done % Math.max(1, Math.round(histories / 10)) === 0) say(`${done} of ${histories} histories`);
  },
});

const [first] = result.divergences;
if (first) {
  say(`\nHistory ${first.seed} diverges: ${first.violations[0]}\nMaking it smaller …\n`);
  say((await shrinkHistory(first.seed)).story ?? '');
  say(`\nAgain: npm run simulate -- --histories 1 --seed ${first.seed}`);
  if (result.divergences.length > 1)
    say(
      `Others: ${result.divergences
        .slice(1, 20)
        .map((one) => one.seed)
        .join(' ')}`,
    );
}
const divergences = result.divergences.length;
if (failures(result) > divergences) say(`Met in fewer than one history of a hundred: ${rareKinds(result).join(', ')}`);
process.stdout.write(
  `${JSON.stringify({ histories: result.histories, divergences, seed, coverage: result.coverage })}\n`,
);
process.exitCode = failures(result) > 0 ? 1 : 0;

function wholeNumber(text: string, option: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  say(`${option} is a whole number from 1, not ${JSON.stringify(text)}`);
  process.exit(2);
}

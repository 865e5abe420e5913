import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { failures, rareTroubles, shrinkHistory, simulate } from './run/simulate.ts';

/** Progress is printed at least this often. */
const PROGRESS_EVERY_MS = 30_000;

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

const interruption = new AbortController();
// A second Ctrl-C ends the process as usual.
void once(process, 'SIGINT').then(() => {
  say('Interrupted: histories that have begun are played to their end');
  interruption.abort();
});

let printedAt = Date.now();
const result = await simulate({
  histories,
  seed,
  signal: interruption.signal,
  ...(values.workers !== undefined && { workers: wholeNumber(values.workers, '--workers') }),
  onProgress: (done) => {
    if (done % Math.max(1, Math.round(histories / 10)) !== 0 && Date.now() - printedAt < PROGRESS_EVERY_MS) return;
    printedAt = Date.now();
    say(`${done} of ${histories} histories`);
  },
  onDivergence: ({ seed, violations }) => say(`History ${seed} diverges: ${violations[0]}`),
});
const isWhole = result.histories === histories;

const [first] = result.divergences;
if (first && isWhole) {
  say(`\nLooking for a smaller history than ${first.seed} …\n`);
  say((await shrinkHistory(first.seed)).story ?? '');
}
if (first) say(`\nAgain: npm run simulate -- --histories 1 --seed ${first.seed}`);
const divergences = result.divergences.length;
if (isWhole && failures(result) > divergences) {
  say(`Troubles that fewer than one history of a hundred met: ${rareTroubles(result).join(', ')}`);
}
if (!isWhole) say(`Interrupted: ${result.histories} of ${histories} histories were played`);
process.stdout.write(
  `${JSON.stringify({ histories: result.histories, divergences, seed, ...(isWhole ? {} : { interrupted: true }), coverage: result.coverage })}\n`,
);
process.exitCode = isWhole ? Math.min(1, failures(result)) : divergences > 0 ? 1 : 2;

function wholeNumber(text: string, option: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  say(`${option} must be a whole number from 1, not ${JSON.stringify(text)}`);
  process.exit(2);
}

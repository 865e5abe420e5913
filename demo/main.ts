import { inspect } from 'node:util';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { watchSignals } from '../cli/interruption.ts';
import { completingCommands } from '../cli/next-step/complete-commands.ts';
import { errorLine, reportOf } from '../cli/terminal/error-line.ts';
import { systemClock } from '../src/clock.ts';
import { systemRandom } from '../src/random.ts';
import { type DemoResult, runDemo } from './demo.ts';
import { howToLook } from './how-to-look.ts';
import { createPanel } from './panel.ts';

/** How long `--once` follows changes: with everything before and after, it takes about 20 seconds. */
const ONCE_FOLLOW_MS = 13_000;

/** By the verdict of a table; the greatest of all tables counts. */
const EXIT_CODES = { agree: 0, differ: 1, capped: 1, unfinished: 2 } as const;

const { endpointUrl, once, json, items, changes, directory, debug } = new Command('npm start --')
  .description(
    'Backfills two DynamoDB tables while they are written to, follows their changes, shows them in typed views, and proves that both sides agree.',
  )
  .option('--once', 'end by itself after about 20 seconds; exit code 0 only if both sides agree')
  .option('--json', 'print the outcome as one JSON object, the last line')
  .option('--endpoint-url <url>', 'DynamoDB elsewhere, such as http://127.0.0.1:8000, instead of the embedded server')
  .option('--items <n>', 'orders that the shop begins with; its tea room has a third as many items', positive, 3_000)
  .option('--changes <n>', 'changes a second, of both tables together', positive, 20)
  .option('--directory <path>', 'where the DuckDB file goes', '.tailrace/demo')
  .option('--debug', 'show where an error came from')
  .configureOutput({
    outputError: (text, write) => {
      const problem = text.replace(/^error: /, '').replace(/\.?\s*$/, '');
      write(`tailrace: ${problem.charAt(0).toUpperCase()}${problem.slice(1)}. See npm start -- --help.\n`);
    },
  })
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
  .opts();

using stop = watchSignals(process);
try {
  const result = await runDemo({
    endpointUrl,
    directory,
    items,
    changesPerSecond: changes,
    followMs: once ? ONCE_FOLLOW_MS : undefined,
    clock: systemClock,
    random: systemRandom,
    panel: createPanel(process.stderr),
    signal: stop.signal,
  });
  if (json) process.stdout.write(`${JSON.stringify(outcomeOf(result))}\n`);
  else process.stdout.write(`${differencesOf(result).join('')}${howToLook(result, process.platform)}`);
  process.exitCode = Math.max(...result.verdicts.map(({ verify }) => EXIT_CODES[verify.verdict]));
} catch (error) {
  process.stderr.write(
    `${errorLine(reportOf(error, undefined, completingCommands('npx tailrace', {}, process.platform)))}\n`,
  );
  if (debug) process.stderr.write(`${inspect(error)}\n`);
  process.exitCode = 2;
}

function outcomeOf({ verdicts, changes, freshness }: DemoResult) {
  return {
    items: verdicts.reduce((sum, { verify }) => sum + verify.sourceItems, 0),
    changes,
    freshness_ms: freshness,
    agree: verdicts.every(({ verify }) => verify.verdict === 'agree'),
  };
}

function differencesOf({ verdicts }: DemoResult): readonly string[] {
  return verdicts.flatMap(({ table, verify }) =>
    verify.findings.map(({ finding, key }) => `${table}  ${finding}  ${key}\n`),
  );
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return number;
}

import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { TABLE_ARGUMENT, wholeNumberReader } from '../options/declarations.ts';
import { DEFAULT_INFER_ITEMS, DEFAULT_INFER_UNITS } from '../options/defaults.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';
import type { Group } from './group.ts';
import { SCHEMAS_OPTION } from './schemas-option.ts';

/** The most that a page of a scan costs, and so the least cap that lets one be read. */
const LEAST_UNITS = 178;

export function declareInfer(group: Group, start: Start): void {
  const command = group
    .command('infer')
    .summary('propose the schema of a table from its items')
    .description(
      'Reads items of a table and proposes the file schemas/TABLE.json: columns with types that all of these items fit, ' +
        'views of kinds of items and of lists. Prints the file, or writes it with --write. Where the file is there, prints ' +
        'what it lacks as a diff (exit code 1), and --write adds that: what stands there is never changed. By default the ' +
        'items are a sample of the DynamoDB table itself, which needs no destination and costs a fraction of a cent; the ' +
        'latest view in the destination (--from destination) uses no read units, and a file (--file) no AWS at all. No value ' +
        'of an item is in the proposal, except for the words that tell kinds of items apart.',
    )
    .argument(...TABLE_ARGUMENT)
    .addOption(
      new Option('--from <source>', 'where the items are read: in the table, or in the latest view of the destination')
        .choices(['table', 'destination'])
        .default('table' as const)
        .conflicts('file'),
    )
    .option(
      '--file <path>',
      "read the items of a file, or - for standard input: an export's data file, what `aws dynamodb scan` prints, or plain " +
        'JSON, one item a line',
    )
    .option(
      '--max-items <number>',
      `read about this many items at most (default: ${DEFAULT_INFER_ITEMS}; a file is read whole)`,
      wholeNumberReader(1, 100_000_000),
    )
    .option(
      '--max-read-units <number>',
      'never use more read units of the table than this; the least is what one page of a scan can cost',
      wholeNumberReader(LEAST_UNITS, 1_000_000_000),
      DEFAULT_INFER_UNITS,
    )
    .option(
      '--keys <names>',
      'key attributes, partition key first, separated by a comma: a file does not tell them',
      readKeys,
    )
    .option(...SCHEMAS_OPTION)
    .option('--write', 'write the file, or add to it what it lacks')
    .addHelpText(
      'after',
      examples(
        'tailrace schema infer orders',
        'tailrace schema infer orders --from destination --destination duckdb:shop.duckdb --write',
        'aws dynamodb scan --table-name orders --max-items 1000 | tailrace schema infer orders --file -',
      ),
    );
  command.action((table, own) => {
    const work = async () => (await import('../commands/schema/infer/infer.ts')).schemaInfer;
    const { from, file, keys, maxItems, maxReadUnits, schemas, write = false } = own;
    const options = { table, from, file, keys, maxItems, maxReadUnits, schemas, write };
    if (from === 'destination' && file === undefined) {
      return start(command.optsWithGlobals(), table, async (invocation, dependencies, output) =>
        (await work())({ ...invocation, ...options }, dependencies, output),
      );
    }
    return start.locally(command.optsWithGlobals(), table, async (invocation, dependencies, output) =>
      (await work())({ ...invocation, destination: '', ...options }, dependencies, output),
    );
  });
}

/** Reads an option's argument as one or two names of attributes. */
function readKeys(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.length <= 2 && !names.includes('')) return names;
  throw new InvalidArgumentError('It is not one or two names, such as customer_id,order_number.');
}

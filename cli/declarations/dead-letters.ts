import { interruptible } from '../../src/interruptible.ts';
import { S3_OPTION, TABLE_ARGUMENT, YES_OPTION } from '../options/declarations.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';
import { declareGroup, type Group, type GroupHelp } from './group.ts';

const HELP: GroupHelp = {
  noun: 'dead-letters',
  description:
    'Dead letters: records that could not be written, each stored with its reason until it is delivered after all, or ' +
    'removed. tail, replay and backfill store them in the state directory, the Lambda in its bucket.',
  example: 'tailrace dead-letters list orders',
};

export function declareDeadLetters(root: Root, start: Start): void {
  declareGroup(root, start, HELP, [
    declareDeadLettersList,
    declareDeadLettersShow,
    declareDeadLettersReplay,
    declareDeadLettersRemove,
  ]);
}

function declareDeadLettersList(parent: Group, start: Start): void {
  const command = parent
    .command('list')
    .summary('list the dead letters of a table')
    .description(
      'Lists the dead letters of a table: each record, and why and when it was set aside, but never a value of it. ' +
        'Exit code 1: there is a file among them that is no letter. Needs no destination.',
    )
    .argument(...TABLE_ARGUMENT)
    .option(...S3_OPTION)
    .addHelpText(
      'after',
      examples('tailrace dead-letters list orders', 'tailrace dead-letters list orders --s3 s3://my-failures --json'),
    );
  command.action((table, { s3 }) =>
    start.locally(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { deadLettersList } = await import('../commands/dead-letters/list.ts');
      return interruptible(
        'The listing',
        dependencies.signal,
        deadLettersList({ ...invocation, table, s3 }, dependencies, output),
      );
    }),
  );
}

function declareDeadLettersShow(parent: Group, start: Start): void {
  const command = parent
    .command('show')
    .summary('show one dead letter')
    .description(
      'Shows one dead letter as JSON. Shows only names, types and lengths of its record, unless --values is given. ' +
        'Needs no destination.',
    )
    .argument(...TABLE_ARGUMENT)
    .argument('<id>', 'id of the letter, as in the list')
    .option('--values', 'show the record unchanged, with the values of its attributes')
    .option(...S3_OPTION)
    .addHelpText(
      'after',
      examples('tailrace dead-letters show orders 4421584500000000017450439092-9f86d081884c7d65 --values'),
    );
  command.action((table, id, { values = false, s3 }) =>
    start.locally(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { deadLettersShow } = await import('../commands/dead-letters/show.ts');
      return interruptible(
        'The reading',
        dependencies.signal,
        deadLettersShow({ ...invocation, table, id, values, s3 }, dependencies, output),
      );
    }),
  );
}

function declareDeadLettersReplay(parent: Group, start: Start): void {
  const command = parent
    .command('replay')
    .summary('deliver the records of dead letters again')
    .description(
      'Delivers the records of dead letters again. Only once its record is durable in the destination, a letter is ' +
        'removed from its directory, or moved to replayed/ in its bucket, where it expires. A letter whose record is ' +
        'refused again stays, and so does a file that is no letter of the table: exit code 1. A second replay is harmless.',
    )
    .argument(...TABLE_ARGUMENT)
    .argument('[ids...]', 'ids of the letters, as in the list')
    .option('--all', 'every letter of the table')
    .option(...S3_OPTION)
    .addHelpText(
      'after',
      examples(
        'tailrace dead-letters replay orders --all --destination duckdb:shop.duckdb',
        'tailrace dead-letters replay orders --all --s3 s3://my-failures --destination bigquery:my-project.shop',
      ),
    );
  command.action((table, ids, { all = false, s3 }) =>
    start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { deadLettersReplay } = await import('../commands/dead-letters/replay.ts');
      return deadLettersReplay({ ...invocation, table, ids, all, s3 }, dependencies, output);
    }),
  );
}

function declareDeadLettersRemove(parent: Group, start: Start): void {
  const command = parent
    .command('remove')
    .summary('remove dead letters with their records')
    .description(
      'Removes dead letters for good, without delivering them. Asks first: their changes are then lost unless a backfill ' +
        'has read the items since. --all leaves files that are no letters of the table. Needs no destination.',
    )
    .argument(...TABLE_ARGUMENT)
    .argument('[ids...]', 'ids of the letters, as in the list')
    .option('--all', 'every letter of the table')
    .option(...YES_OPTION)
    .option(...S3_OPTION)
    .addHelpText(
      'after',
      examples(
        'tailrace dead-letters remove orders 4421584500000000017450439092-9f86d081884c7d65',
        'tailrace dead-letters remove orders --all --yes',
      ),
    );
  command.action((table, ids, { all = false, yes = false, s3 }) =>
    start.locally(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { deadLettersRemove } = await import('../commands/dead-letters/remove.ts');
      return deadLettersRemove({ ...invocation, table, ids, all, yes, s3 }, dependencies, output);
    }),
  );
}

import { TailraceError } from '../../src/errors.ts';
import { TABLE_ARGUMENT } from '../options/declarations.ts';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

export function declareReplay(root: Root, start: Start): void {
  const command = root
    .command('replay')
    .description(
      'Delivers records again that a failure left behind, or that the stream still holds. A second replay is harmless. ' +
        'It recognises the shape of its input: a Lambda event, records, the output of get-records, a failure record of ' +
        "Lambda's or EventBridge Pipes' (with its payload, or read from the stream again within 24 hours), or a dead " +
        'letter; one or many, in any envelope, as JSON, NDJSON or gzip. In a directory, a bucket or a queue, input that ' +
        "is another table's or can't be read is named and left; such a single file is refused before anything is " +
        'written. Exit code 1: some records were set aside, are not recoverable, are too old to count, or were left as they were.',
    )
    .argument(...TABLE_ARGUMENT)
    .option('--stream', 'everything that the stream still holds, parents before their children')
    .option('--shard <id>', 'one shard of the stream')
    .option('--from <number>', 'first sequence number within --shard (default: the oldest that the stream holds)')
    .option('--to <number>', 'last sequence number within --shard (default: the newest)')
    .option('--s3 <url>', "Lambda's failure objects, such as s3://my-failures/aws/lambda/; they stay there", once)
    .option('--queue <url>', 'failure records in an SQS queue; a message is deleted once its records are durable', once)
    .option('--file <path>', 'a file, or a directory with everything below it; - for standard input', once)
    .option(
      '--stream-arn <arn>',
      "the stream of records that do not name theirs; or the stream to read in place of the table's",
    )
    .option('--dry-run', 'report what would be delivered, and write nothing')
    .addHelpText(
      'after',
      examples(
        'tailrace replay orders --s3 s3://my-failures/aws/lambda/ --destination duckdb:shop.duckdb',
        'tailrace replay orders --queue https://sqs.eu-central-1.amazonaws.com/123456789012/failures --dry-run',
        'tailrace replay orders --file ./failures/ --destination duckdb:shop.duckdb',
        'tailrace replay orders --stream --destination duckdb:shop.duckdb',
        'cat event.json | tailrace replay orders --file - --destination duckdb:shop.duckdb',
      ),
    );
  command.action(async (table, { dryRun = false, streamArn, ...given }) => {
    const { inputOf } = await import('../replay/input.ts');
    const input = inputOf({ ...given, streamArn });
    await start(command.optsWithGlobals(), table, async (invocation, dependencies, output) => {
      const { replay } = await import('../commands/replay.ts');
      return replay({ ...invocation, table, input, streamArn, dryRun }, dependencies, output);
    });
  });
}

/** Refuses an option that is given twice: the last value would silently replace the others. */
function once(value: string, previous: string | undefined): string {
  if (previous === undefined) return value;
  throw new TailraceError('usage-invalid', `One location can be replayed at a time, not ${previous} and ${value}`, {
    remedy: 'Run it for each, or give the directory or the prefix that holds both.',
  });
}

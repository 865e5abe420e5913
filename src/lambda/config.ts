import { existsSync } from 'node:fs';
import { datasetPath } from '../destination/bigquery/dataset-path.ts';
import { type BigQuerySettings, bigQuerySettings } from '../destination/bigquery/settings.ts';
import { TailraceError } from '../errors.ts';
import { type StreamArn, streamArn } from '../order/stream-arn.ts';
import type { DatasetPath } from '../views/googlesql.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration of a function of one table, from its environment. */
export type LambdaConfig = {
  /** The one stream whose records it takes. */
  readonly stream: StreamArn;
  readonly dataset: DatasetPath;
  readonly bigQuery: BigQuerySettings;
  /** Name of the bucket for dead letters. */
  readonly deadLetterBucket: string;
  /** The account that must own it. @default the stream's */
  readonly deadLetterBucketOwner: string;
};

const DESTINATION_SCHEME = 'bigquery:';

/** Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html> */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * Reads a function's configuration, once, at its cold start.
 *
 * Reports every problem in one error: each round of a deployment costs minutes.
 *
 * @param fileExists Whether there is a file at a path.
 * @throws {TailraceError} `config-invalid` that names every variable that is missing or wrong.
 */
export function readConfig(environment: Environment, fileExists: (path: string) => boolean = existsSync): LambdaConfig {
  const problems: string[] = [];
  const read = <T>(name: string, parse: (text: string) => T): T | undefined => {
    const text = environment[name]?.trim();
    if (!text) problems.push(`${name} is not set`);
    return text ? attempt(() => parse(text), name, problems) : undefined;
  };

  const stream = read('TAILRACE_STREAM_ARN', streamArn);
  const dataset = read('TAILRACE_DESTINATION', bigQueryDataset);
  const deadLetterBucket = read('TAILRACE_DEAD_LETTER_BUCKET', bucketName);
  const deadLetterBucketOwner = environment['TAILRACE_DEAD_LETTER_BUCKET_OWNER']?.trim()
    ? read('TAILRACE_DEAD_LETTER_BUCKET_OWNER', accountId)
    : stream && accountOf(stream.tableArn);
  const bigQuery = attempt(() => bigQuerySettings(environment), undefined, problems);
  // Without credentials, Google's library would look for a machine of Google's, and fail with each batch.
  if (!bigQuery?.endpoint) {
    read('GOOGLE_APPLICATION_CREDENTIALS', (path) => {
      if (!fileExists(path)) throw new TailraceError('config-invalid', `There is no file ${path}`);
    });
  }

  if (!stream || !dataset || !deadLetterBucket || !deadLetterBucketOwner || !bigQuery || problems.length > 0) {
    throw new TailraceError('config-invalid', problems.join('; '), {
      remedy: "Fix the named variables of the function's environment and deploy again.",
    });
  }
  return { stream, dataset, bigQuery, deadLetterBucket, deadLetterBucketOwner };
}

function attempt<T>(parse: () => T, name: string | undefined, problems: string[]): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TailraceError)) throw error;
    problems.push(name === undefined ? error.message : `${name}: ${error.message}`);
    return undefined;
  }
}

function bigQueryDataset(text: string): DatasetPath {
  if (!text.startsWith(DESTINATION_SCHEME)) {
    throw new TailraceError('config-invalid', `"${text}" is not bigquery:PROJECT.DATASET`);
  }
  return datasetPath(text.slice(DESTINATION_SCHEME.length));
}

function bucketName(text: string): string {
  if (!BUCKET.test(text)) throw new TailraceError('config-invalid', `"${text}" is not the name of an S3 bucket`);
  return text;
}

function accountId(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new TailraceError('config-invalid', `"${text}" is not the id of an AWS account`);
  return text;
}

/** `arn:partition:dynamodb:region:account:table/name` */
function accountOf(tableArn: string): string {
  return tableArn.split(':')[4] ?? '';
}

import { TailraceError } from '../errors.ts';

/** The parts of a stream's ARN. */
export type StreamArn = {
  /** The whole ARN. */
  readonly text: string;
  /** ARN of the table it belongs to: partition, region, account and name, the source's identity. */
  readonly tableArn: string;
  readonly tableName: string;
  /** Tells a table's streams apart: opaque printable text without `/`. Dates on AWS, other text on local servers. */
  readonly label: string;
};

/** Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html> */
const STREAM_ARN =
  /^(arn:[a-z0-9-]+:dynamodb:[a-z0-9-]+:\d{12}:table\/([A-Za-z0-9_.-]{1,255}))\/stream\/([!-.0-~]{1,128})$/;

/** Reads a stream's ARN, or gives `undefined` if `text` isn't one. */
export function parseStreamArn(text: unknown): StreamArn | undefined {
  const match = typeof text === 'string' ? STREAM_ARN.exec(text) : null;
  if (!match) return undefined;
  const [whole, tableArn = '', tableName = '', label = ''] = match;
  return { text: whole, tableArn, tableName, label };
}

/**
 * Reads a stream's ARN.
 *
 * @throws {TailraceError} `config-invalid` if `text` isn't one.
 */
export function streamArn(text: string): StreamArn {
  const arn = parseStreamArn(text);
  if (!arn) {
    throw new TailraceError('config-invalid', `"${text}" is not the ARN of a DynamoDB stream`, {
      remedy:
        'Take it from `aws dynamodb describe-table --table-name TABLE`: arn:aws:dynamodb:REGION:ACCOUNT:table/TABLE/stream/LABEL.',
    });
  }
  return arn;
}

import { TailraceError } from '../errors.ts';
import { isObject } from '../value/is-object.ts';
import { withStreamArn } from './page-records.ts';
import type { RecordPage, RecordSource } from './record-source.ts';

/** As many as one GetRecords page: what a handler takes at once anywhere else. */
const PAGE_RECORDS = 1_000;

export type EventFileOptions = {
  /** Names the text in messages: a path, or `stdin`. */
  readonly name: string;
  /** The stream of records that don't name it themselves. */
  readonly streamArn?: string;
};

/**
 * Reads the text of a Lambda event, `{"Records": [...]}`, as a source of records: saved from a Lambda, or the output of
 * `aws dynamodbstreams get-records`, whose records don't name their stream.
 *
 * The text is checked as a whole before anything is given; single records are checked by who takes them.
 *
 * @throws {TailraceError} `event-invalid` if it isn't such an event, or if no record names the stream and no
 *   `streamArn` is given.
 */
export function eventFileSource(text: string, { name, streamArn }: EventFileOptions): RecordSource {
  const records = recordsOf(text, name);
  const named = records.some((record) => isObject(record) && typeof record['eventSourceARN'] === 'string');
  if (records.length > 0 && !named && streamArn === undefined) {
    throw new TailraceError(
      'event-invalid',
      `${name}: no record has an eventSourceARN, so their stream is unknown; output of get-records has none`,
      { context: { file: name }, remedy: 'Name the stream with --stream-arn.' },
    );
  }

  return {
    async *pages(signal) {
      for (let from = 0; from < records.length && !signal.aborted; from += PAGE_RECORDS) {
        const page = records.slice(from, from + PAGE_RECORDS);
        yield toPage(streamArn === undefined ? page : page.map((record) => withStreamArn(record, streamArn)));
      }
    },
  };
}

function toPage(records: readonly unknown[]): RecordPage {
  return {
    records,
    shardId: null,
    firstArrivalAt: null,
    // A file stays as it is: reading it again is harmless.
    acknowledge: () => Promise.resolve(),
  };
}

function recordsOf(text: string, name: string): readonly unknown[] {
  const invalid = (problem: string) =>
    new TailraceError('event-invalid', `${name} ${problem}`, { context: { file: name } });
  if (text.trim() === '') throw invalid('is empty');
  const event = parse(text.replace(/^\uFEFF/, ''));
  if (event === undefined) throw invalid('is not JSON');
  const records = isObject(event) ? event['Records'] : undefined;
  if (!Array.isArray(records)) throw invalid('is no event of a stream: it has no list of Records');
  return records;
}

/** `undefined` if it isn't JSON. The parser's own message is dropped: it quotes the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What the handler and the readers do about a kind of failure, and what a person does. */
export type ErrorPolicy = {
  /**
   * `retry`: repeat later, and acknowledge nothing meanwhile. `set-aside`: the record becomes a dead letter, and its
   * neighbours are delivered. `halt`: stop until a person acts.
   */
  readonly action: 'retry' | 'set-aside' | 'halt';
  /** The next step, printed after the message. */
  readonly remedy: string;
};

/** Every kind of failure, with its policy. */
export const POLICIES = {
  // The caller's input.
  'usage-invalid': { action: 'halt', remedy: 'See --help.' },
  'config-invalid': { action: 'halt', remedy: 'Fix the named settings and start again.' },
  'state-invalid': { action: 'halt', remedy: 'Give another --state directory, or move this one away.' },
  'state-busy': { action: 'halt', remedy: 'Wait for the other command to end, or stop it.' },
  // The stream.
  'event-invalid': { action: 'halt', remedy: 'Send a DynamoDB Streams event: {"Records": [...]}.' },
  'record-invalid': {
    action: 'set-aside',
    remedy: 'Read the reason in the dead letter; replay it once it is corrected.',
  },
  'record-foreign': { action: 'halt', remedy: "Send each table's records to that table's own function or command." },
  'stream-missing': { action: 'halt', remedy: 'Run `tailrace setup TABLE --enable-stream`.' },
  'stream-view-type': {
    action: 'halt',
    remedy: 'Images are needed: give the table a stream of NEW_AND_OLD_IMAGES (or NEW_IMAGE).',
  },
  'stream-changed': {
    action: 'halt',
    remedy: 'Changes between the two streams are lost: run `tailrace backfill TABLE`.',
  },
  'stream-lineage': {
    action: 'halt',
    remedy: 'Order across shards is unproven: stop the reader and run `tailrace backfill TABLE`.',
  },
  'stream-trimmed': { action: 'halt', remedy: 'The stream keeps 24 hours: run `tailrace backfill TABLE`.' },
  'iterator-expired': { action: 'retry', remedy: 'None: reading resumes after the last sequence number.' },
  // The DynamoDB side.
  'source-unavailable': { action: 'retry', remedy: 'Check the network, --endpoint-url and --region.' },
  'source-throttled': { action: 'retry', remedy: 'None: it is retried, more slowly.' },
  'source-denied': { action: 'halt', remedy: 'Give credentials (--profile, AWS_PROFILE) that may do this.' },
  'source-table-missing': { action: 'halt', remedy: 'Check the name, --region and --profile.' },
  'source-invalid': { action: 'halt', remedy: 'Check that --endpoint-url is a DynamoDB endpoint.' },
  // The destination side.
  'destination-unavailable': {
    action: 'retry',
    remedy: 'None: changes are retried until it answers or the stream trims them.',
  },
  'destination-busy': { action: 'retry', remedy: 'Stop the process that uses it, or wait for it.' },
  'destination-not-ready': {
    action: 'retry',
    remedy: 'None: it is retried until its changelog is old enough for streaming.',
  },
  'clock-wrong': {
    action: 'retry',
    remedy: "Set this machine's clock: it may be half an hour off at most. It is retried until then.",
  },
  'destination-denied': { action: 'halt', remedy: 'Give the credentials the named permission.' },
  'destination-missing': { action: 'halt', remedy: 'Run `tailrace setup TABLE`.' },
  'destination-invalid': { action: 'halt', remedy: 'Name another destination.' },
  'destination-conflict': { action: 'halt', remedy: 'Use another dataset or file for one of the two.' },
  'row-rejected': {
    action: 'set-aside',
    remedy: 'Read the reason in the dead letter; replay it once it is corrected.',
  },
  'row-too-large': {
    action: 'set-aside',
    remedy: 'The row is larger than one request may be; it stays a dead letter.',
  },
  'query-invalid': { action: 'halt', remedy: 'Correct the statement.' },
  'query-cap-reached': {
    action: 'halt',
    remedy: 'Read less in one statement, or raise the cap: --max-bytes-billed, or TAILRACE_BIGQUERY_MAX_BYTES_BILLED.',
  },
  'query-writes': { action: 'halt', remedy: 'If it may write, run `tailrace … --write`.' },
  'snapshot-superseded': {
    action: 'halt',
    remedy: 'Another snapshot was published meanwhile: look at `tailrace status`, then run it again.',
  },
  'read-cap-reached': { action: 'halt', remedy: 'Progress is saved: run it again with a higher cap to continue.' },
  'snapshot-incomplete': {
    action: 'halt',
    remedy: 'The snapshot was discarded, and the published one stays in force: run it again.',
  },
  'snapshot-outdated': {
    action: 'halt',
    remedy: 'Rows of the changelog that it needs were dropped: run `tailrace backfill TABLE`.',
  },
  // The file of an export.
  'export-failed': { action: 'halt', remedy: 'Name another file with --out, and run it again.' },
  // Both.
  'dead-letter-failed': { action: 'retry', remedy: 'Make room for dead letters, or grant access to where they go.' },
  interrupted: { action: 'halt', remedy: 'Start it again.' },
} as const satisfies Readonly<Record<string, ErrorPolicy>>;

/** What went wrong, by side and failure: one kind for each distinct remedy. */
export type ErrorKind = keyof typeof POLICIES;

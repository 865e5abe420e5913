/** What goes wrong outside, for how long or how often. Times are milliseconds since the epoch. */
export class Faults {
  /** The destination answers 503 until then. */
  outageUntil = 0;
  quotaUntil = 0;
  /** It says 404 to inserts until then, though the table is there. */
  unknownUntil = 0;
  /** Each answer takes so long. */
  slow = { until: 0, ms: 0 };
  /** Rows are seen so long after they were taken. */
  late = { until: 0, ms: 0 };
  /** So many inserts are stored and never answered. */
  lostAnswers = 0;
  /** So many publications are made and never answered. */
  lostPublications = 0;
  /** Of so many inserts only a part of the rows is stored. */
  partialInserts = 0;
  /** Keys whose rows the destination refuses for what they hold. */
  readonly refused = new Set<string>();
  /** And those that it ever refused. */
  readonly everRefused = new Set<string>();
  /** Dead letters can't be kept until then. */
  lettersFullUntil = 0;
  /** So many calls of the stream's API are throttled, find their iterator expired, or give an empty page. */
  throttles = 0;
  expiredIterators = 0;
  emptyPages = 0;
  /** How the next calls of the Lambda end: dead before (0) or after (1) their append, or hung there (2, 3). */
  readonly crashes: number[] = [];
  /** So many batches are delivered twice. */
  redeliveries = 0;
  /** Lambda calls nothing until then. */
  pausedUntil = 0;
  /** So many failed batches are too large for their payload to be kept. */
  hugePayloads = 0;

  /** Ends all of it, but for what the destination refuses. */
  heal(): void {
    this.outageUntil = this.quotaUntil = this.unknownUntil = this.lettersFullUntil = this.pausedUntil = 0;
    this.slow = this.late = { until: 0, ms: 0 };
    this.lostAnswers = this.lostPublications = this.partialInserts = 0;
    this.throttles = this.expiredIterators = this.emptyPages = this.redeliveries = this.hugePayloads = 0;
    this.crashes.length = 0;
  }
}

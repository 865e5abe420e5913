import type { Buffer } from 'node:buffer';
import type { ChangelogRow } from '../../changelog/row.ts';
import { TailraceError } from '../../errors.ts';
import { retry } from '../../retry.ts';
import type { Rejection } from '../destination.ts';
import { ApiFailure, type Purpose } from './api.ts';
import { CALL_BACKOFF, type Call, RETRY_MS } from './caller.ts';
import type { Dataset } from './dataset.ts';
import { hasStatus, isPassing, isTooLarge, toTailraceError } from './errors.ts';
import { imageLength, writeEntry, writeStamp } from './insert-entry.ts';
import { rejectedRows } from './insert-errors.ts';
import { type PackedRow, type PackedRows, pack, packTogether } from './pack.ts';
import type { InsertAllResponse } from './resources.ts';
import { isInTime } from './server-clock.ts';
import { requireColumn } from './table.ts';

/** Enough to keep a connection's round trips from adding up; far from any quota. */
const MAX_CONCURRENT_REQUESTS = 4;

/**
 * A table or column that was just made is unknown to streaming inserts for up to ten minutes.
 * Source: <https://docs.cloud.google.com/bigquery/docs/streaming-data-into-bigquery#troubleshooting>
 */
const PROPAGATION_MS = 10 * 60 * 1000;

export type InsertOptions = {
  /** Milliseconds since the epoch; without one, a failure that may pass is retried for a minute. */
  readonly deadline?: number;
  /**
   * Called when inserts don't know the table, or one of its columns, though it exists. Throws if the table is too new
   * for streaming.
   */
  readonly refuseNotReady?: (unknown: 'table' | 'column') => Promise<void>;
};

/**
 * Streams rows into a changelog. When it resolves, every row is durable or rejected.
 *
 * If BigQuery names bad rows, the others are sent again without them, whether they were stored or `stopped`: rows that
 * are stored twice are harmless.
 *
 * @throws {TailraceError} of a `destination-…` kind.
 */
export async function insertRows(
  dataset: Dataset,
  tableId: string,
  rows: readonly ChangelogRow[],
  options: InsertOptions = {},
): Promise<readonly Rejection[]> {
  const inserter = new Inserter(dataset, tableId, rows, options);
  const requests = pack(rows, writeEntry, imageLength);
  const rejections: Rejection[] = [];
  const sendInTurn = async () => {
    // A loop that fails ends the generator for the others too: requests in flight end, and no more are sent.
    for (const packed of requests) {
      if ('tooLarge' in packed) rejections.push(tooLargeRejection(packed.tooLarge, tableId));
      else rejections.push(...(await inserter.insert(packed)));
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: MAX_CONCURRENT_REQUESTS }, sendInTurn));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return rejections.sort((a, b) => a.index - b.index);
}

/** The bodies of the requests for some rows, without the rows that are too large for one. */
export function requestBodies(rows: readonly ChangelogRow[]): readonly Buffer[] {
  return [...pack(rows, writeEntry)].flatMap((packed) => ('body' in packed ? packed.body : []));
}

/** Source: <https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/insertAll#response-body> */
const INSERT_ALL = 'bigquery#tableDataInsertAllResponse';

class Inserter {
  readonly #dataset: Dataset;
  readonly #tableId: string;
  readonly #given: readonly ChangelogRow[];
  readonly #deadline: number | undefined;
  readonly #refuseNotReady: NonNullable<InsertOptions['refuseNotReady']>;

  constructor(dataset: Dataset, tableId: string, given: readonly ChangelogRow[], options: InsertOptions) {
    this.#dataset = dataset;
    this.#tableId = tableId;
    this.#given = given;
    this.#deadline = options.deadline;
    this.#refuseNotReady = options.refuseNotReady ?? (async () => {});
  }

  /** Sends a request's rows, in several requests where one fails. */
  async insert(request: PackedRows): Promise<readonly Rejection[]> {
    const rejections: Rejection[] = [];
    let packed = request;
    while (packed.rows.length > 0) {
      let left = packed.rows;
      try {
        const refused = await this.#send(packed);
        if (refused.length === 0) return rejections;
        rejections.push(...refused);
        const bad = new Set(refused.map(({ index }) => index));
        left = left.filter(({ index }) => !bad.has(index));
      } catch (error) {
        if (!isTooLarge(error)) throw error instanceof ApiFailure ? toTailraceError(error, this.#purpose()) : error;
        const [first] = left;
        if (first !== undefined && left.length === 1) return [...rejections, tooLargeRejection(first, this.#tableId)];
        const middle = Math.ceil(left.length / 2);
        rejections.push(...(await this.insert(this.#pack(left.slice(0, middle)))));
        left = left.slice(middle);
      }
      packed = this.#pack(left);
    }
    return rejections;
  }

  /** Encodes rows again, which is rare, and cheaper than storing every row's text for it. */
  #pack(rows: readonly PackedRow[]): PackedRows {
    return packTogether(this.#given, rows, writeEntry);
  }

  /** Sends rows, stamped at each attempt, until BigQuery stores them, or rejects some, which it gives. */
  async #send(packed: PackedRows): Promise<readonly Rejection[]> {
    const { caller } = this.#dataset;
    const { clock, random } = caller;
    const propagatedBy = clock.now() + PROPAGATION_MS;
    const until = this.#deadline ?? propagatedBy;
    /** When to give up on failures that may pass; `undefined` unless the last failure was one. */
    let passingUntil: number | undefined;
    /** Whether the last failure was that inserts don't know the table, or its column, yet. */
    let isNew = false;
    const call: Call = {
      ...this.#purpose(),
      method: 'POST',
      path: `${this.#dataset.pathOf(this.#tableId)}/insertAll`,
      body: { type: 'application/json', bytes: packed.body },
      until,
    };
    const attempt = async () => {
      const stamp = caller.serverClock.checked();
      writeStamp(packed, stamp);
      const { json, answeredAt } = await caller.exchange(call);
      const answer: InsertAllResponse = json;
      if (!isInsertAllResponse(answer)) throw new ApiFailure({ reason: 'notBigQuery' });
      if (answeredAt !== null && !isInTime(stamp, answeredAt)) throw new ApiFailure({ reason: 'staleStamp' });
      return rejectedRows(answer.insertErrors ?? [], packed.rows, this.#tableId);
    };
    const mayPass = async (error: unknown) => {
      isNew = false;
      if (isPassing(error)) {
        passingUntil ??= this.#deadline ?? clock.now() + RETRY_MS;
        return clock.now() < passingUntil;
      }
      passingUntil = undefined;
      isNew = await this.#isPropagating(error);
      return isNew && clock.now() < propagatedBy;
    };
    try {
      return await retry(attempt, { clock, random, backoff: CALL_BACKOFF, isPassing: mayPass, until });
    } catch (error) {
      throw isNew ? this.#notKnownYet(error) : error;
    }
  }

  /** Whether a table or column exists although inserts don't know it yet. Throws, and names it, if it doesn't exist. */
  async #isPropagating(error: unknown): Promise<boolean> {
    if (error instanceof ApiFailure && error.reason === 'noSuchField' && error.location !== null) {
      await requireColumn(this.#dataset, this.#tableId, error.location, this.#deadline);
      await this.#refuseNotReady('column');
      return true;
    }
    if (!hasStatus(error, 404)) return false;
    await this.#dataset.getTable(this.#tableId, this.#deadline);
    await this.#refuseNotReady('table');
    return true;
  }

  #notKnownYet(cause: unknown): TailraceError {
    const { doing } = this.#purpose();
    return new TailraceError(
      'destination-unavailable',
      `Could not ${doing}: it exists, but inserts don't know it yet`,
      {
        context: { table: this.#tableId },
        remedy: 'Inserts know a new table or column after ten minutes at most: try again then.',
        cause,
      },
    );
  }

  #purpose(): Purpose {
    return {
      doing: `insert into ${this.#dataset.nameOf(this.#tableId)}`,
      permission: 'bigquery.tables.updateData',
    };
  }
}

/** Whether it is BigQuery's answer to an insert. Emulators leave out `kind`, and then have no other field either. */
function isInsertAllResponse({ kind, insertErrors: _, ...others }: InsertAllResponse): boolean {
  return kind === undefined ? Object.keys(others).length === 0 : kind === INSERT_ALL;
}

function tooLargeRejection({ index, bytes }: PackedRow, tableId: string): Rejection {
  return {
    index,
    kind: 'row-too-large',
    reason: `the row alone needs a request of at least ${bytes} bytes, more than ${tableId} takes`,
  };
}

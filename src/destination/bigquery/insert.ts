import type { Buffer } from 'node:buffer';
import { CHANGELOG_COLUMNS } from '../../changelog/columns.ts';
import type { ChangelogRow } from '../../changelog/row.ts';
import { TailraceError } from '../../errors.ts';
import { retry } from '../../retry.ts';
import { digestOf } from '../../value/digest.ts';
import type { Utf8Writer } from '../../value/utf8-writer.ts';
import type { Rejection } from '../destination.ts';
import { ApiFailure, type Purpose } from './api.ts';
import { CALL_BACKOFF, type Call, RETRY_MS } from './caller.ts';
import type { Dataset } from './dataset.ts';
import { hasStatus, isPassing, isTooLarge, toTailraceError } from './errors.ts';
import { rejectedRows } from './insert-errors.ts';
import { type PackedRow, pack, requestBody } from './pack.ts';
import type { InsertAllResponse } from './resources.ts';
import { rowWriter } from './row-json.ts';
import { requireColumn } from './table.ts';

/** Enough to keep a connection's round trips from adding up; far from any quota. */
const MAX_CONCURRENT_REQUESTS = 4;

/**
 * A table or column that was just made is unknown to streaming inserts for up to ten minutes.
 * Source: <https://docs.cloud.google.com/bigquery/docs/streaming-data-into-bigquery#troubleshooting>
 */
const PROPAGATION_MS = 10 * 60 * 1000;

export type InsertOptions = {
  /** Milliseconds since the epoch; without one, a failure that may pass is waited out for a minute. */
  readonly deadline?: number;
  /**
   * Called where inserts don't know the table or one of its columns, though it is there. Throws if that is because it is
   * too young for streaming.
   */
  readonly refuseNotReady?: (doubt: 'table' | 'column') => Promise<void>;
};

/**
 * Streams rows into a changelog. When it resolves, every row is durable or rejected.
 *
 * Where BigQuery names bad rows, the others are sent again without them, whether they were stored or `stopped`: doubled
 * rows are harmless, so whatever may have been lost is sent again.
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
  const requests = pack(rows, writeEntry);
  const rejections: Rejection[] = [];
  const takeTurns = async () => {
    // A loop that fails ends the generator for the others too: what was sent settles, and nothing more is.
    for (const packed of requests) {
      if ('tooLarge' in packed) rejections.push(tooLargeRejection(packed.tooLarge, tableId));
      else rejections.push(...(await inserter.insert(packed.rows, packed.body)));
    }
  };
  const turns = await Promise.allSettled(Array.from({ length: MAX_CONCURRENT_REQUESTS }, takeTurns));
  for (const turn of turns) if (turn.status === 'rejected') throw turn.reason;
  return rejections.sort((a, b) => a.index - b.index);
}

/** The bodies of the requests that rows are sent in, apart from those that are too large for one. */
export function requestBodies(rows: readonly ChangelogRow[]): readonly Buffer[] {
  return [...pack(rows, writeEntry)].flatMap((packed) => ('body' in packed ? packed.body : []));
}

/** Source: <https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/insertAll#response-body> */
const INSERT_ALL = 'bigquery#tableDataInsertAllResponse';

const writeRow = rowWriter<ChangelogRow>(CHANGELOG_COLUMNS, 'quoted');

/** Writes a row's entry in a request. The insert id is a courtesy to those who count rows: no view relies on it. */
function writeEntry(out: Utf8Writer, row: ChangelogRow): void {
  out.ascii('{"insertId":"');
  out.ascii(digestOf(`${row.position}\n${row.key}`));
  out.ascii('","json":');
  writeRow(out, row);
  out.ascii('}');
}

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

  /** Sends a request's rows, in as many more requests as it takes. */
  async insert(rows: readonly PackedRow[], body: Buffer): Promise<readonly Rejection[]> {
    const rejections: Rejection[] = [];
    let left = rows;
    let leftBody = body;
    while (left.length > 0) {
      try {
        const refused = await this.#send(left, leftBody);
        if (refused.length === 0) return rejections;
        rejections.push(...refused);
        const bad = new Set(refused.map(({ index }) => index));
        left = left.filter(({ index }) => !bad.has(index));
      } catch (error) {
        if (!isTooLarge(error)) throw error instanceof ApiFailure ? toTailraceError(error, this.#purpose()) : error;
        const [first] = left;
        if (first !== undefined && left.length === 1) return [...rejections, tooLargeRejection(first, this.#tableId)];
        const middle = Math.ceil(left.length / 2);
        const half = left.slice(0, middle);
        rejections.push(...(await this.insert(half, this.#bodyOf(half))));
        left = left.slice(middle);
      }
      leftBody = this.#bodyOf(left);
    }
    return rejections;
  }

  /** Encodes rows once more: rare, and cheaper than to keep every row's text for it. */
  #bodyOf(rows: readonly PackedRow[]): Buffer {
    return requestBody(
      rows.flatMap(({ index }) => this.#given[index] ?? []),
      writeEntry,
    );
  }

  /** Sends rows until they are in or BigQuery has named the bad ones among them, which it then gives. */
  async #send(rows: readonly PackedRow[], body: Buffer): Promise<readonly Rejection[]> {
    const { caller } = this.#dataset;
    const { clock, random } = caller;
    const newUntil = clock.now() + PROPAGATION_MS;
    const until = this.#deadline ?? newUntil;
    /** When to give up on failures that may pass, of which the last one was one. */
    let passingUntil: number | undefined;
    /** Whether the last failure was that the table, which is there, or its column isn't known yet. */
    let isNew = false;
    const call: Call = {
      ...this.#purpose(),
      method: 'POST',
      path: `${this.#dataset.pathOf(this.#tableId)}/insertAll`,
      body: { type: 'application/json', bytes: body },
      until,
    };
    const attempt = async () => {
      const answer = await caller.once<InsertAllResponse>(call);
      if (!isInsertAllResponse(answer)) throw new ApiFailure({ reason: 'notBigQuery' });
      return rejectedRows(answer.insertErrors ?? [], rows, this.#tableId);
    };
    const isWorthwhile = async (error: unknown) => {
      isNew = false;
      if (isPassing(error)) {
        passingUntil ??= this.#deadline ?? clock.now() + RETRY_MS;
        return clock.now() < passingUntil;
      }
      passingUntil = undefined;
      isNew = await this.#isPropagating(error);
      return isNew && clock.now() < newUntil;
    };
    try {
      return await retry(attempt, { clock, random, backoff: CALL_BACKOFF, isPassing: isWorthwhile, until });
    } catch (error) {
      throw isNew ? this.#notKnownYet(error) : error;
    }
  }

  /** Whether a table or column is there although inserts don't know it yet. Throws by name if it isn't there. */
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
      `Could not ${doing}: it is there, and not known to inserts yet`,
      {
        context: { table: this.#tableId },
        remedy: 'A table or column that was just made takes up to ten minutes: the same again then.',
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

/** Whether it is what BigQuery answers inserts with. Emulators leave out the kind, and say nothing else then. */
function isInsertAllResponse({ kind, insertErrors: _, ...others }: InsertAllResponse): boolean {
  return kind === undefined ? Object.keys(others).length === 0 : kind === INSERT_ALL;
}

function tooLargeRejection({ index, bytes }: PackedRow, tableId: string): Rejection {
  return {
    index,
    kind: 'row-too-large',
    reason: `${tableId} takes no request of ${bytes} bytes, and the row alone needs that`,
  };
}

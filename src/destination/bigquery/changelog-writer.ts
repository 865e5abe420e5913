import type { ChangelogRow } from '../../changelog/row.ts';
import { POLICIES } from '../../error-policy.ts';
import { isKind, TailraceError } from '../../errors.ts';
import { objectNames } from '../../names/object-names.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { Rejection } from '../destination.ts';
import { NOT_READY_MINUTES, remadeChangelogAdvice } from '../remade-changelog.ts';
import { ChangelogLoader } from './changelog-loader.ts';
import type { Dataset } from './dataset.ts';
import { type InsertOptions, insertRows } from './insert.ts';
import { type NotReady, StreamingReadiness } from './readiness.ts';

/**
 * What to do with rows for a changelog that is too new for streaming. `refuse` rejects them: Lambda keeps them, and
 * calls the function again. `load` appends them by load jobs, so that a command needn't wait.
 */
export type NewChangelogMode = 'refuse' | 'load';

/**
 * Appends rows to changelogs by streaming inserts, but never into a table younger than a quarter of an hour: BigQuery
 * may report such rows as stored and drop them.
 */
export class ChangelogWriter {
  readonly #dataset: Dataset;
  readonly #newChangelogs: NewChangelogMode;
  readonly #readiness: StreamingReadiness;
  readonly #loader: ChangelogLoader;

  constructor(dataset: Dataset, newChangelogs: NewChangelogMode) {
    this.#dataset = dataset;
    this.#newChangelogs = newChangelogs;
    this.#readiness = new StreamingReadiness(dataset);
    this.#loader = new ChangelogLoader(dataset);
  }

  /**
   * Implements `ChangelogAppender.append`.
   *
   * @param deadline Milliseconds since the epoch; it bounds streaming, not a load job.
   * @throws {TailraceError} `destination-not-ready` where new changelogs are refused, or another `destination-…` kind.
   */
  async append(table: SourceTable, rows: readonly ChangelogRow[], deadline?: number): Promise<readonly Rejection[]> {
    if (rows.length === 0) return [];
    try {
      return await this.#append(table, rows, deadline);
    } catch (error) {
      throw isKind(error, 'destination-missing') ? this.#missing(table, error) : error;
    }
  }

  async #append(
    table: SourceTable,
    rows: readonly ChangelogRow[],
    deadline: number | undefined,
  ): Promise<readonly Rejection[]> {
    const tableId = objectNames(table.name).changelog;
    const notReady = await this.#readiness.notReady(tableId, deadline);
    const outcome = notReady ?? (await this.#stream(tableId, rows, deadline));
    if (!('createdAt' in outcome)) return outcome;
    // Rows that were streamed before this was noticed may be lost: all are appended again.
    if (this.#newChangelogs === 'refuse') throw this.#notReady(table, tableId, outcome);
    return this.#loader.append(tableId, outcome.createdAt, rows);
  }

  /** Streams rows. If BigQuery's answers show that the table is newer than it seemed, gives why it isn't ready. */
  async #stream(
    tableId: string,
    rows: readonly ChangelogRow[],
    deadline: number | undefined,
  ): Promise<readonly Rejection[] | NotReady> {
    const refuseNotReady: InsertOptions['refuseNotReady'] = async (unknown) => {
      const check = unknown === 'table' ? 'checkAgain' : 'columnsChanged';
      const notReady = await this.#readiness[check](tableId, deadline);
      if (notReady !== undefined) throw new NotReadyError(notReady);
    };
    try {
      return await insertRows(this.#dataset, tableId, rows, {
        refuseNotReady,
        ...(deadline === undefined ? {} : { deadline }),
      });
    } catch (error) {
      if (error instanceof NotReadyError) return error.notReady;
      throw error;
    }
  }

  /** Adds to the error of a missing changelog what to do around creating it again. */
  #missing({ name }: SourceTable, error: TailraceError): TailraceError {
    // A missing dataset has a remedy of its own.
    if (error.remedy !== POLICIES['destination-missing'].remedy) return error;
    const advice = remadeChangelogAdvice(`bigquery:${this.#dataset.name}`, name) ?? '';
    return new TailraceError(error.kind, error.message, {
      context: error.context,
      remedy: `Run \`tailrace setup ${name}\`. ${advice}`,
      cause: error.cause,
    });
  }

  #notReady({ name }: SourceTable, tableId: string, { since, ageMs, remainingMs }: NotReady): TailraceError {
    const proof = since === 'created' ? '' : ` Then \`tailrace gaps ${name} --fill\` proves that nothing is missing.`;
    return new TailraceError(
      'destination-not-ready',
      `${this.#dataset.nameOf(tableId)} was ${since} ${inMinutes(ageMs)} ago: ` +
        `BigQuery may drop rows that are streamed into a table for ${NOT_READY_MINUTES} minutes after that`,
      {
        context: { table: tableId, age_s: Math.floor(ageMs / 1000), ready_in_s: Math.ceil(remainingMs / 1000) },
        remedy: `None: Lambda keeps the records and tries again. Ready in ${inMinutes(remainingMs)}.${proof}`,
      },
    );
  }
}

class NotReadyError extends Error {
  readonly notReady: NotReady;

  constructor(notReady: NotReady) {
    super('The table is too new for streaming');
    this.notReady = notReady;
  }
}

function inMinutes(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  return minutes === 1 ? 'a minute' : `${minutes} minutes`;
}

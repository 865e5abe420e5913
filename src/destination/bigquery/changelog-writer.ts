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
 * What is done with rows for a changelog that is too young for streaming. `refuse` rejects, so that whoever has them keeps
 * them: a function, which Lambda calls again. `load` appends them by load jobs, so that a command needn't wait.
 */
export type NewChangelogMode = 'refuse' | 'load';

/**
 * Appends rows to changelogs: by streaming inserts, but never into a table younger than a quarter of an hour, for BigQuery
 * may answer that such rows are in and drop them.
 */
export class ChangelogWriter {
  readonly #dataset: Dataset;
  readonly #newChangelogs: NewChangelogMode;
  readonly #ages: StreamingReadiness;
  readonly #loader: ChangelogLoader;

  constructor(dataset: Dataset, newChangelogs: NewChangelogMode) {
    this.#dataset = dataset;
    this.#newChangelogs = newChangelogs;
    this.#ages = new StreamingReadiness(dataset);
    this.#loader = new ChangelogLoader(dataset);
  }

  /**
   * Does what `ChangelogAppender.append` says.
   *
   * @param deadline Milliseconds since the epoch; it bounds streaming, not a load job.
   * @throws {TailraceError} `destination-not-ready` where young changelogs are refused, or another `destination-…` kind.
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
    const young = await this.#ages.notReady(tableId, deadline);
    const outcome = young ?? (await this.#stream(tableId, rows, deadline));
    if (!('createdAt' in outcome)) return outcome;
    // Of what was streamed before the youth was noticed nothing may be assumed: all of it is appended again.
    if (this.#newChangelogs === 'refuse') throw this.#notReady(table, tableId, outcome);
    return this.#loader.append(tableId, outcome.createdAt, rows);
  }

  /** Streams rows, unless BigQuery's answers tell that the table is younger than it seemed: then its youth is given. */
  async #stream(
    tableId: string,
    rows: readonly ChangelogRow[],
    deadline: number | undefined,
  ): Promise<readonly Rejection[] | NotReady> {
    const refuseNotReady: InsertOptions['refuseNotReady'] = async (doubt) => {
      const look = doubt === 'table' ? 'checkAgain' : 'columnsChanged';
      const youth = await this.#ages[look](tableId, deadline);
      if (youth !== undefined) throw new TooYoung(youth);
    };
    try {
      return await insertRows(this.#dataset, tableId, rows, {
        refuseNotReady,
        ...(deadline === undefined ? {} : { deadline }),
      });
    } catch (error) {
      if (error instanceof TooYoung) return error.youth;
      throw error;
    }
  }

  /** A changelog that isn't there has to be made: what is to be seen to around that is said with it. */
  #missing({ name }: SourceTable, error: TailraceError): TailraceError {
    // A dataset that isn't there has a remedy of its own.
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

class TooYoung extends Error {
  readonly youth: NotReady;

  constructor(youth: NotReady) {
    super('The table is too young for streaming');
    this.youth = youth;
  }
}

function inMinutes(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  return minutes === 1 ? 'a minute' : `${minutes} minutes`;
}

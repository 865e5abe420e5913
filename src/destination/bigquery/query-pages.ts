import { interruptible } from '../../interruptible.ts';
import { ApiFailure, type Purpose } from './api.ts';
import type { Call, Caller } from './caller.ts';
import { unwrap } from './cell.ts';
import type { Dataset } from './dataset.ts';
import type { FieldSchema, QueryResults } from './resources.ts';

/** Rows of a result as they were received. */
export type ResultPage = {
  /** The result's columns. */
  readonly fields: readonly FieldSchema[];
  /** Cells in the order of the columns: BigQuery sends every scalar as text. */
  readonly rows: readonly (readonly unknown[])[];
  /** Rows of the whole result; `null` from a server that doesn't count them. */
  readonly totalRows: number | null;
};

/** How long BigQuery waits before it answers that a query isn't done. */
const WAIT_MS = 10_000;
const MAX_PAGE_ROWS = 10_000;

/**
 * The pages of a query's result, one in memory at a time. There is at least one, which may have no rows.
 *
 * @throws {TailraceError} `interrupted` when `signal` aborts.
 */
export async function* queryPages(
  dataset: Dataset,
  purpose: Purpose,
  jobId: string,
  signal: AbortSignal,
): AsyncGenerator<ResultPage, undefined> {
  let fields: readonly FieldSchema[] = [];
  let pageToken: string | undefined;
  for (;;) {
    const request = pageOf(dataset.caller, {
      ...purpose,
      method: 'GET',
      path: `queries/${jobId}`,
      query: {
        location: await dataset.location(),
        maxResults: String(MAX_PAGE_ROWS),
        timeoutMs: String(WAIT_MS),
        'formatOptions.useInt64Timestamp': 'true',
        ...(pageToken === undefined ? {} : { pageToken }),
      },
    });
    const page = await interruptible('The statement', signal, request);
    if (!page.jobComplete) continue;
    fields = page.schema?.fields ?? fields;
    yield {
      fields,
      rows: (page.rows ?? []).map(({ f: cells = [] }) => fields.map((_, index) => unwrap(cells[index]))),
      totalRows: page.totalRows === undefined ? null : Number(page.totalRows),
    };
    pageToken = page.pageToken;
    if (!pageToken) return;
  }
}

/** A page of results, or that there are none yet. An answer with neither would be read as no rows. */
function pageOf(caller: Caller, call: Call): Promise<QueryResults> {
  return caller.retry(call, async (until) => {
    const page = await caller.once<QueryResults>({ ...call, until });
    if (page.jobComplete === undefined) throw new ApiFailure({ reason: 'notBigQuery' });
    return page;
  });
}

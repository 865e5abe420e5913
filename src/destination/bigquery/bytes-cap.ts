import { binarySize, roundedUp } from '../../byte-count.ts';
import { TailraceError } from '../../errors.ts';
import type { Purpose } from './api.ts';
import { failureIn } from './errors.ts';
import { MAX_BYTES_BILLED } from './max-bytes-billed.ts';

/** BigQuery's message: "Query exceeded limit for bytes billed: 163595928. 164626432 or higher required." */
const REQUIRED = /(\d{1,15}) or higher required/;

/**
 * Names a query that BigQuery refused for its cap; `undefined` if `error` is another failure.
 *
 * BigQuery estimates before it runs the query, and bills nothing then. Of a clustered table it can't know which blocks the
 * query will skip: the estimate is an upper bound.
 *
 * Source: <https://docs.cloud.google.com/bigquery/docs/best-practices-costs#limit_query_costs_by_restricting_the_number_of_bytes_billed>
 *
 * @param cap In bytes.
 */
export function capReached(error: unknown, cap: number, { doing }: Purpose): TailraceError | undefined {
  const failure = failureIn(error);
  if (failure?.reason !== 'bytesBilledLimitExceeded') return undefined;
  const [, required] = REQUIRED.exec(failure.text) ?? [];
  const estimate = required === undefined ? null : Number(required);
  const more = estimate === null ? 'more' : `${binarySize(estimate)}, more`;
  const enough = roundedUp(estimate ?? 2 * cap);
  return new TailraceError(
    'query-cap-reached',
    `Could not ${doing}: BigQuery estimates that it bills ${more} than the cap of ${binarySize(cap)} (${failure.reason}). ` +
      'The estimate stands before clustering, so the bill may be lower',
    {
      context: { cap_bytes: cap, estimated_bytes: estimate },
      remedy: `Nothing was billed. Read less in one statement, or raise the cap: run \`tailrace … --max-bytes-billed ${enough}\`, or set ${MAX_BYTES_BILLED}=${enough}.`,
      cause: failure,
    },
  );
}

import type { BigQueryApi } from '../../src/destination/bigquery/api.ts';

/** An API on which nothing is uploaded in blocks: whoever tries throws. */
export function wholeUploads(send: BigQueryApi['send']): BigQueryApi {
  return {
    send,
    exchange() {
      throw new Error('No upload in blocks was expected');
    },
  };
}

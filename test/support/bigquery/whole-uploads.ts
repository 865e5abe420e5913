import type { BigQueryApi } from '../../../src/destination/bigquery/api.ts';

/** An API without uploads in blocks: an attempt throws. */
export function wholeUploads(send: BigQueryApi['send']): BigQueryApi {
  return {
    send,
    async exchange(request) {
      if (request.upload || request.session !== undefined) throw new Error('No upload in blocks was expected');
      return { status: 200, json: await send(request), location: null, range: null, answeredAt: null };
    },
  };
}

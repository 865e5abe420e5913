import type { ApiRequest, BigQueryApi } from '../../../src/destination/bigquery/api.ts';

/** An API that answers with JSON, and takes no uploads in blocks: an attempt throws. Its answers show no time. */
export function wholeUploads(answer: (request: ApiRequest) => Promise<object>): BigQueryApi {
  return {
    async exchange(request) {
      if (request.query?.['uploadType'] === 'resumable') throw new Error('No upload in blocks was expected');
      return { status: 200, json: await answer(request), location: null, range: null, answeredAt: null };
    },
  };
}

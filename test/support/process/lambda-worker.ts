import { readFileSync } from 'node:fs';
import { createStreamHandler } from '../../../src/delivery/stream-handler.ts';
import { openBigQuery } from '../../../src/destination/bigquery/open-bigquery.ts';
import { ORDERS } from '../stream/record.ts';

// Handles one event as a Lambda does, and prints its answer, the number of dead letters and its peak memory. Arguments:
// the event's file, and BigQuery's endpoint.
const [file = '', endpoint = ''] = process.argv.slice(2);
let letters = 0;
const handler = createStreamHandler({
  source: ORDERS,
  destination: openBigQuery('my-project.shop', { TAILRACE_BIGQUERY_ENDPOINT: endpoint }),
  deadLetters: {
    // S3 would store them, not the function.
    put: async () => {
      letters++;
    },
  },
});
const answer = await handler(JSON.parse(readFileSync(file, 'utf8')), { getRemainingTimeInMillis: () => 60_000 });
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ answer, letters, peakMb }));

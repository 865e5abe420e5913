#!/usr/bin/env bash
# Google's client for BigQuery rejects a job that succeeded with a warning.
#
# @google-cloud/bigquery 9.3.0 (npm). A job that is DONE without an `errorResult` succeeded; what its `errors` hold are
# warnings, which "do not necessarily mean that the job has completed or was unsuccessful":
# <https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatus>. `createQueryJob` rejects such an answer to
# jobs.insert all the same. Fails if that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > made
npm install --silent --no-audit --no-fund @google-cloud/bigquery@9.3.0

cat > warning.mjs <<'SCRIPT'
import { createServer } from 'node:http';
import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';

const status = { state: 'DONE', errors: [{ reason: 'invalid', message: 'A warning' }] };
const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json').setHeader('connection', 'close');
  response.end(JSON.stringify({ jobReference: { projectId: 'p', jobId: 'j', location: 'EU' }, status }));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const client = new BigQuery({
  projectId: 'p',
  apiEndpoint: `http://127.0.0.1:${server.address().port}`,
  authClient: new PassThroughClient(),
});
const outcome = await client.createQueryJob('SELECT 1').then(
  () => 'resolves',
  (error) => `rejects: ${error.errors?.[0]?.message}`,
);
console.log(`createQueryJob ${outcome}`);
server.close();
SCRIPT
said=$(node warning.mjs)

echo "$said"
[ "$said" = 'createQueryJob rejects: A warning' ]
echo 'As described: the job succeeded, and the client says that it failed.'

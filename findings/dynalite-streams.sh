#!/usr/bin/env bash
# dynalite takes a table's StreamSpecification without a word, and has no streams.
#
# dynalite 4.0.0 (npm), an in-memory DynamoDB for development. CreateTable with StreamEnabled answers 200 and describes a
# table without StreamSpecification and LatestStreamArn; ListStreams answers UnknownOperationException. Whoever enables a
# stream and waits for it waits for ever. Fails if that changes.
set -euo pipefail

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . dynalite@4.0.0
node -e "
  require('dynalite')({ createTableMs: 0 }).listen(0, '127.0.0.1', function () { console.log(this.address().port) })
" > port &
server=$!
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done

call() {
  curl -s "http://127.0.0.1:$(cat port)/" -d "$2" \
    -H 'Content-Type: application/x-amz-json-1.0' -H "X-Amz-Target: $1" -H 'X-Amz-Date: 20260101T000000Z' \
    -H 'Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0'
}

made=$(call DynamoDB_20120810.CreateTable '{
  "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
  "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
  "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
  "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"}}')
listed=$(call DynamoDBStreams_20120810.ListStreams '{}')

echo "CreateTable: $made"
echo "ListStreams: $listed"
grep -q '"TableStatus"' <<< "$made"
if grep -q 'Stream' <<< "$made"; then echo 'It speaks of a stream now.'; exit 1; fi
grep -q 'UnknownOperationException' <<< "$listed"
echo 'As described: StreamSpecification is dropped, and there are no streams.'

#!/usr/bin/env bash
# ministack keeps the items of the number keys 2.0 and 2 apart, and gives both as 2.
#
# ministack 1.5.33 (PyPI), a server of AWS's APIs for development. UpdateItem of the key {"N": "2.0"} and then of
# {"N": "2"} leaves two items, and Scan gives the key 2 twice. In DynamoDB they are one number, and one item: a Scan gives
# each key once. Fails if that changes.
set -euo pipefail

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet ministack==1.5.33
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
GATEWAY_PORT=$port BIND_HOST=127.0.0.1 venv/bin/ministack > log 2>&1 &
server=$!

call() {
  curl -s --retry 50 --retry-delay 0 --retry-max-time 30 --retry-connrefused "http://127.0.0.1:$port/" -d "$2" \
    -H 'Content-Type: application/x-amz-json-1.0' -H "X-Amz-Target: DynamoDB_20120810.$1" -H 'X-Amz-Date: 20260101T000000Z' \
    -H 'Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0'
}

call CreateTable '{
  "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
  "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
  "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}]}' > made
for number in 2.0 2; do
  call UpdateItem "{
    \"TableName\": \"orders\", \"Key\": {\"id\": {\"N\": \"$number\"}}, \"UpdateExpression\": \"SET v = :v\",
    \"ExpressionAttributeValues\": {\":v\": {\"S\": \"$number\"}}}" > updated
done
scanned=$(call Scan '{"TableName": "orders"}')

echo "Scan: $scanned"
[ "$(grep -o '"id": *{"N": *"2"}' <<< "$scanned" | wc -l)" = 2 ]
echo 'As described: one key, given twice.'

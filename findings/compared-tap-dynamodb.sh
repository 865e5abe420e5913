#!/usr/bin/env bash
# Singer's tap-dynamodb gives every value whole, and a change only once its shard has closed.
#
# tap-dynamodb 1.4.0 (PyPI) on the tables of compared/tables.json, served by ministack 1.5.33 (PyPI) on port 8000, which is
# where the tap looks with use_local_dynamo. Numbers keep their digits, sets are arrays, names stay apart; the schema it
# gives to a target is {"type": "object"}. LOG_BASED reads closed shards only: after a full table, a deletion and an insert
# that are in the open shard give no record. Fails if that changes.
set -euo pipefail

fill=$(cd "$(dirname "$0")/compared" && pwd)/fill.mjs
if (: < /dev/tcp/127.0.0.1/8000) 2> /dev/null; then
  echo 'A server is on port 8000 already, the only one where the tap looks.'
  exit 1
fi
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv server && server/bin/pip install --quiet ministack==1.5.33
python3 -m venv tap && tap/bin/pip install --quiet tap-dynamodb==1.4.0
GATEWAY_PORT=8000 BIND_HOST=127.0.0.1 server/bin/ministack > log 2>&1 &
server=$!
node "$fill" http://127.0.0.1:8000

export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
cat > config.json <<'CONFIG'
{"account_id": "0", "external_id": "0", "role_name": "0", "region_name": "us-east-1", "use_local_dynamo": "true"}
CONFIG
tap/bin/tap-dynamodb --config config.json --discover > discovered.json 2>> log

# select_tables METHOD: writes METHOD.json, the catalogue with every table chosen.
select_tables() {
  sed "s/\"metadata\": {/&\"selected\": true, \"replication-method\": \"$1\", /" discovered.json > "$1.json"
}
select_tables FULL_TABLE
tap/bin/tap-dynamodb --config config.json --catalog FULL_TABLE.json 2>> log | python3 -c '
import decimal, json, sys
for line in sys.stdin:
    message = json.loads(line, parse_float=decimal.Decimal)
    if message["type"] == "SCHEMA" and message["stream"] == "Orders": print("schema", message["schema"])
    if message["type"] == "RECORD": print(message["stream"], *(f"{k}={v}" for k, v in sorted(message["record"].items())))
' | sort -u | tee seen
diff seen - <<'SEEN'
Addresses id=a zip=3011
Addresses id=b zip=K1A 0B1
Carts id=a lines=['tea', 2] note= nothing=None photo=AP8= photos=['AQI='] points=[1, Decimal('2.5')] tags=['x', 'y']
Orders account=1234567890123456789 id=a price=0.1 rate=0.1234567890123456789 wide=12345678901234567890123456789012345678
Orders id=b price=12.5
Visits Name=upper __proto__=proto a-b=dash a.b=dot a_b=underscore id=a name=lower
schema {'type': 'object'}
SEEN

select_tables LOG_BASED
tap/bin/tap-dynamodb --config config.json --catalog LOG_BASED.json 2>> log > first
tail -n 1 first | sed 's/^{"type": "STATE", "value": //; s/}$//' > state.json
node "$fill" http://127.0.0.1:8000 change
tap/bin/tap-dynamodb --config config.json --catalog LOG_BASED.json --state state.json 2>> log > second
grep -c '"RECORD"' first > full || true
grep -c '"RECORD"' second > changes || true
echo "Records of the full table: $(cat full); of the two changes behind it: $(cat changes)"
[ "$(cat full) $(cat changes)" = '6 0' ]
echo 'As described.'

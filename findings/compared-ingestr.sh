#!/usr/bin/env bash
# ingestr reads numbers as doubles, and names that become one in snake case overwrite each other.
#
# ingestr 1.1.22 (PyPI; the newest whose package holds the program itself, for Linux) on the tables of compared/tables.json,
# served by ministack 1.5.33 (PyPI), into JSON lines and SQLite. A number of 19 digits is rounded, also with a column
# declared as text; of `a-b`, `a.b` and `a_b`, and of `name` and `Name`, one value is left; an attribute that is empty in
# every item is no column. Both types of one attribute arrive, as text. A deletion shows at the next run, which reads the
# whole table again. Fails if that changes.
set -euo pipefail

fill=$(cd "$(dirname "$0")/compared" && pwd)/fill.mjs
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv server && server/bin/pip install --quiet ministack==1.5.33
python3 -m venv ingestr && ingestr/bin/pip install --quiet ingestr==1.1.22
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
GATEWAY_PORT=$port BIND_HOST=127.0.0.1 server/bin/ministack > log 2>&1 &
server=$!
node "$fill" "http://127.0.0.1:$port"

export INGESTR_DISABLE_TELEMETRY=true

# ingest TABLE [OPTION…]: the table as JSON lines, without the column of the loading time.
ingest() {
  ingestr/bin/ingestr ingest --yes --progress log --no-load-timestamp --source-table "$1" --dest-table "$1" \
    --source-uri "dynamodb://127.0.0.1:$port?region=us-east-1&access_key_id=local&secret_access_key=local" \
    --dest-uri "jsonl:///$folder/rows.jsonl" "${@:2}" >> log 2>&1
  sort rows.jsonl
}

{
  ingest Orders
  echo "account as text: $(ingest Orders --columns account:string | head -n 1)"
  ingest Carts
  ingest Visits
  echo "--schema-naming direct: $(ingest Visits --schema-naming direct)"
  ingest Addresses
  node "$fill" "http://127.0.0.1:$port" change
  echo 'after a deletion and an insert:'
  ingest Addresses
  ingest Visits --dest-uri "sqlite:///$folder/rows.sqlite" --dest-table main.Visits > ignored
  python3 -c 'import sqlite3; print("SQLite:", sqlite3.connect("rows.sqlite").execute("SELECT * FROM visits").fetchall())'
} | tee seen

diff seen - <<'SEEN'
{"account":1234567890123456800,"id":"a","price":0.1,"rate":0.12345678901234568,"wide":1.2345678901234568e+37}
{"account":null,"id":"b","price":12.5,"rate":null,"wide":null}
account as text: {"account":"1234567890123456800","id":"a","price":0.1,"rate":0.12345678901234568,"wide":1.2345678901234568e+37}
{"id":"a","lines":["tea",2],"photo":"AP8=","photos":["AQI="],"points":[1,2.5],"tags":["x","y"]}
{"a_b":"underscore","id":"a","name":"lower","protoxx":"proto"}
--schema-naming direct: {"Name":"lower","__proto__":"proto","a-b":"dash","a.b":"dot","a_b":"underscore","id":"a","name":"lower"}
{"id":"a","zip":"3011"}
{"id":"b","zip":"K1A 0B1"}
after a deletion and an insert:
{"id":"b","zip":"K1A 0B1"}
{"id":"c","zip":"new"}
SQLite: [('lower', 'proto', 'underscore', 'a')]
SEEN
echo 'As described.'

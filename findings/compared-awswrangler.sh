#!/usr/bin/env bash
# awswrangler makes a data frame of a table only if each attribute has one type that Arrow infers alike everywhere.
#
# awswrangler 3.17.1 (PyPI) with boto3 1.44.5, pandas 3.1.1, pyarrow 25.0.1 and numpy 2.4.6, on the tables of
# compared/tables.json, served by ministack 1.5.33 (PyPI). The whole table is refused for an attribute of two types, a list of
# two types or a set of binary, and for prices of different precision if several threads read it (each infers its own type).
# With as_dataframe=False every value comes as DynamoDB has it, numbers as Decimal. Fails if that changes.
set -euo pipefail

fill=$(cd "$(dirname "$0")/compared" && pwd)/fill.mjs
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv server && server/bin/pip install --quiet ministack==1.5.33
python3 -m venv frame
frame/bin/pip install --quiet awswrangler==3.17.1 boto3==1.44.5 pandas==3.1.1 pyarrow==25.0.1 numpy==2.4.6
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
GATEWAY_PORT=$port BIND_HOST=127.0.0.1 server/bin/ministack > log 2>&1 &
server=$!
node "$fill" "http://127.0.0.1:$port"

cat > read.py <<'SCRIPT'
import sys, warnings
import awswrangler, numpy
warnings.simplefilter("ignore")
awswrangler.config.dynamodb_endpoint_url = sys.argv[1]

def read(table, **options):
    try:
        items = awswrangler.dynamodb.read_items(table, allow_full_scan=True, **options)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    rows = items if isinstance(items, list) else items.to_dict("records")
    return "; ".join(" ".join(f"{k}={shown(v)}" for k, v in sorted(row.items())) for row in sorted(rows, key=lambda r: r["id"]))

def shown(value):
    return sorted(value, key=repr) if isinstance(value, (set, numpy.ndarray)) else value

print("Orders, one thread:", read("Orders", use_threads=False))
print("Orders, four threads:", read("Orders", use_threads=4))
for column in ["tags", "photo", "photos", "lines", "note", "nothing"]:
    print(f"Carts, {column}:", read("Carts", use_threads=False, columns=["id", column]))
print("Visits:", read("Visits", use_threads=False))
print("Addresses:", read("Addresses", use_threads=False))
for table in ["Orders", "Carts", "Addresses"]:
    print(f"{table}, as_dataframe=False:", read(table, as_dataframe=False))
SCRIPT
export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1
frame/bin/python read.py "http://127.0.0.1:$port" 2>> log | tee seen

diff seen - <<'SEEN'
Orders, one thread: account=1234567890123456789 id=a price=0.1 rate=0.1234567890123456789 wide=12345678901234567890123456789012345678; account=None id=b price=12.5 rate=None wide=None
Orders, four threads: ArrowTypeError: Unable to merge: Field price has incompatible types: decimal128(3, 1) vs decimal128(1, 1)
Carts, tags: id=a tags=['x', 'y']
Carts, photo: id=a photo=b'\x00\xff'
Carts, photos: ArrowInvalid: Could not convert Binary(b'\x01\x02') with type Binary: did not recognize Python value type when inferring an Arrow data type
Carts, lines: ArrowTypeError: Expected bytes, got a 'decimal.Decimal' object
Carts, note: id=a note=
Carts, nothing: id=a nothing=None
Visits: Name=upper __proto__=proto a-b=dash a.b=dot a_b=underscore id=a name=lower
Addresses: ArrowTypeError: int or Decimal object expected, got str
Orders, as_dataframe=False: account=1234567890123456789 id=a price=0.1 rate=0.1234567890123456789 wide=12345678901234567890123456789012345678; id=b price=12.5
Carts, as_dataframe=False: id=a lines=['tea', Decimal('2')] note= nothing=None photo=b'\x00\xff' photos=[Binary(b'\x01\x02')] points=[Decimal('1'), Decimal('2.5')] tags=['x', 'y']
Addresses, as_dataframe=False: id=a zip=3011; id=b zip=K1A 0B1
SEEN
echo 'As described.'

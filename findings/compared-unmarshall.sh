#!/usr/bin/env bash
# A Lambda that writes JSON.stringify(unmarshall(image)): what it gives for numbers, sets and one name.
#
# @aws-sdk/util-dynamodb 3.996.9 (npm), on the items of compared/tables.json in the form in which Lambda hands them over. A
# whole number beyond 2^53 becomes a BigInt, which JSON.stringify refuses; a long decimal is rounded; a set becomes {}; the
# attribute __proto__ is gone. With `wrapNumbers: String` every number is text and keeps its digits; sets stay {}. Fails if
# that changes.
set -euo pipefail

tables=$(cd "$(dirname "$0")/compared" && pwd)/tables.json
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix . @aws-sdk/util-dynamodb@3.996.9

cat > handler.mjs <<'SCRIPT'
import { readFileSync } from 'node:fs';
import { unmarshall } from '@aws-sdk/util-dynamodb';

const tables = JSON.parse(readFileSync(process.argv[2]));
const [order] = tables.Orders;
const written = (image, options) => {
  try {
    return JSON.stringify(unmarshall(image, options));
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
};

for (const name of ['account', 'wide', 'rate', 'price']) console.log(name, written({ [name]: order[name] }));
console.log('Orders, wrapNumbers:', written(order, { wrapNumbers: String }));
for (const name of ['Carts', 'Visits', 'Addresses']) for (const image of tables[name]) console.log(name, written(image));
SCRIPT
node handler.mjs "$tables" | tee seen

diff seen - <<'SEEN'
account TypeError: Do not know how to serialize a BigInt
wide TypeError: Do not know how to serialize a BigInt
rate {"rate":0.12345678901234568}
price {"price":0.1}
Orders, wrapNumbers: {"id":"a","account":"1234567890123456789","wide":"12345678901234567890123456789012345678","rate":"0.1234567890123456789","price":"0.1"}
Carts {"id":"a","tags":{},"points":{},"photo":"AP8=","photos":{},"lines":["tea",2],"note":"","nothing":null}
Visits {"id":"a","a-b":"dash","a_b":"underscore","a.b":"dot","name":"lower","Name":"upper"}
Addresses {"id":"a","zip":3011}
Addresses {"id":"b","zip":"K1A 0B1"}
SEEN
echo 'As described.'

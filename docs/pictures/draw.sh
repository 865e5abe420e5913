#!/usr/bin/env bash
# Draws session.svg, the README's commands as a terminal shows them, and dashboard.svg, the typed view as a dashboard shows it.
#
# Run by hand, on Linux, where `npm ci` was run: the commands are executed, and the pictures show what they printed and read.
# What draws (pyte, a terminal's screen; Rich; Vega-Lite) goes into a temporary folder, and is no part of the project.
set -euo pipefail

pictures=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$pictures/../.." && pwd)
folder=$(mktemp -d)
shop=
trap '[ -z "$shop" ] || kill "$shop"; rm -rf "$folder"' EXIT

python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet rich==15.0.0 pyte==0.8.2
export PATH="$root/node_modules/.bin:$PATH" npm_config_update_notifier=false npm_config_progress=false
npm install --silent --prefix "$folder/vega" vega@6.4.0 vega-lite@6.5.0

# A checkout of its own: the commands leave files behind.
mkdir "$folder/tailrace"
git -C "$root" archive HEAD | tar -x -C "$folder/tailrace"
ln -s "$root/node_modules" "$folder/tailrace/node_modules"
cd "$folder/tailrace"

node demo/main.ts > "$folder/shop.log" 2>&1 &
shop=$!
until grep -q '^tail ' "$folder/shop.log"; do sleep 0.2; done
AWS_ENDPOINT_URL=$(grep -om 1 'http://[0-9.:]*' "$folder/shop.log")
export AWS_ENDPOINT_URL TAILRACE_DESTINATION=duckdb:shop.duckdb

"$folder/python/bin/python" "$pictures/session.py" README.md "$pictures/session.svg"

node bin/tailrace.js views apply Orders
query() { node bin/tailrace.js query "$1" --json > "$folder/$2"; }
query 'SELECT city, sum(total) AS revenue FROM "Orders" GROUP BY city' cities.json
query 'SELECT first_sku, sum(total) AS revenue FROM "Orders" GROUP BY first_sku' products.json
# Money as a dashboard formats it.
query 'SELECT order_number, customer_id, status, CAST(total AS DECIMAL(18, 2)) AS total, gift, city, first_sku
  FROM "Orders" ORDER BY order_number DESC LIMIT 8' rows.json
cp "$pictures/dashboard.mjs" "$folder/vega"
node "$folder/vega/dashboard.mjs" "$folder" > "$pictures/dashboard.svg"

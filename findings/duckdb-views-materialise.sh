#!/usr/bin/env bash
# DuckDB forgets NOT MATERIALIZED in a view once its file is opened again: the view then reads columns that no query asked for.
#
# @duckdb/node-api 1.5.6-r.1 (npm). A table expression that a WITH clause names twice is materialised by default, and from a
# view with one DuckDB reads all columns of the view: <https://duckdb.org/docs/stable/sql/query_syntax/with#cte-materialization>.
# NOT MATERIALIZED prevents both in the session that made the view. `duckdb_views()` shows the view without these words, and
# that is how it is stored: in a file that was closed and opened, a count reads the widest column of the table. Subqueries in
# place of the WITH clause keep their meaning. Fails if that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > made
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1

cat > views.mjs <<'SCRIPT'
import { DuckDBInstance } from '@duckdb/node-api';

async function inFile(work) {
  const instance = await DuckDBInstance.create('shop.duckdb');
  const connection = await instance.connect();
  await work(connection);
  connection.closeSync();
  instance.closeSync();
}

async function show(connection, when) {
  const plan = await connection.runAndReadAll('EXPLAIN SELECT count(k) FROM shown');
  const [, text] = plan.getRows()[0];
  console.log(`${when}: ${text.includes('CTE') ? 'materialised' : 'not materialised'}, ${text.includes('wide') ? 'reads' : 'does not read'} the wide column`);
}

await inFile(async (connection) => {
  await connection.run(`
    CREATE TABLE items AS SELECT i AS k, repeat('x', 700) AS wide FROM range(1000) AS numbers(i);
    CREATE VIEW shown AS
      WITH tenths AS NOT MATERIALIZED (SELECT k FROM items WHERE k % 10 = 0)
      SELECT k, wide FROM items WHERE k IN (SELECT k FROM tenths)
      UNION ALL
      SELECT k, NULL FROM tenths`);
  await show(connection, 'made');
});
await inFile((connection) => show(connection, 'opened again'));
SCRIPT
said=$(node views.mjs)

echo "$said"
[ "$said" = 'made: not materialised, does not read the wide column
opened again: materialised, reads the wide column' ]
echo 'As described: the stored view is another one.'

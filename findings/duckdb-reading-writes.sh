#!/usr/bin/env bash
# DuckDB writes files for a SELECT, and for an EXPORT that is only prepared, where its one database is open to read only.
#
# @duckdb/node-api 1.5.6-r.1 (npm). The table functions `enable_logging` and `enable_profiling` may be called in a SELECT,
# whose statement type is SELECT; `enable_logging` makes the folder of the log that it names. Preparing `EXPORT DATABASE`
# makes the folder of the export, before anything is run. READ_ONLY is about the attached file alone:
# <https://duckdb.org/docs/stable/sql/statements/attach>. So neither the mode nor the type of a prepared statement shows
# that nothing is written. Fails if that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > made
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1

cat > reads.mjs <<'SCRIPT'
import { existsSync } from 'node:fs';
import { DuckDBInstance, StatementType } from '@duckdb/node-api';

const made = await DuckDBInstance.create('shop.duckdb');
made.closeSync();
const instance = await DuckDBInstance.create('shop.duckdb', { access_mode: 'READ_ONLY' });
const connection = await instance.connect();
const exporting = await connection.prepare("EXPORT DATABASE 'out'");
const log = "storage := 'file', storage_config := { 'path': 'log' }";
const select = await connection.prepare(`SELECT * FROM enable_logging(level := 'debug', ${log})`);
const [selects, exports] = [select, exporting].map((statement) => StatementType[statement.statementType]);
await select.run();
await connection.run('SELECT 1');
connection.closeSync();
instance.closeSync();
const found = (path) => `${path} ${existsSync(path) ? 'is there' : 'is not there'}`;
console.log(`${selects}: ${found('log')}`);
console.log(`${exports}, not run: ${found('out')}`);
SCRIPT
said=$(node reads.mjs)

echo "$said"
[ "$said" = 'SELECT: log is there
EXPORT, not run: out is there' ]
echo 'As described: both wrote, and nothing was open for writing.'

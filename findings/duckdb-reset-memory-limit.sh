#!/usr/bin/env bash
# DuckDB's RESET memory_limit changes what is reported, and not the limit itself.
#
# @duckdb/node-api 1.5.6-r.1 (npm). After SET memory_limit and RESET memory_limit, current_setting shows the default again, while
# statements still fail at the limit that was set, and their message names it. SET with the value that was there before lifts it.
# RESET is documented to restore the default: <https://duckdb.org/docs/stable/sql/statements/set#reset>. Fails if that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > made
npm install --silent --no-audit --no-fund @duckdb/node-api@1.5.6-r.1

cat > limits.mjs <<'SCRIPT'
import { DuckDBInstance } from '@duckdb/node-api';

const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run("SET temp_directory = ''");
const limit = async () => (await connection.runAndReadAll("SELECT current_setting('memory_limit')")).getRows()[0][0];
const usual = await limit();

async function show(when) {
  const shown = (await limit()) === usual ? 'the usual limit' : await limit();
  const answer = await connection.run('SELECT count(*) FROM (SELECT DISTINCT i FROM range(3000000) AS n(i))').then(
    () => 'answers',
    ({ message }) => (message.includes('/30.5 MiB used') ? 'fails at 30.5 MiB' : message),
  );
  console.log(`${when}: ${shown}; ${answer}`);
}

await show('opened');
await connection.run("SET memory_limit = '32MB'");
await show('set');
await connection.run('RESET memory_limit');
await show('reset');
SCRIPT
said=$(node limits.mjs)

echo "$said"
[ "$said" = 'opened: the usual limit; answers
set: 30.5 MiB; fails at 30.5 MiB
reset: the usual limit; fails at 30.5 MiB' ]
echo 'As described: the limit outlives its reset.'

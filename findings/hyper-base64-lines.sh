#!/usr/bin/env bash
# Tableau's Hyper breaks base64 into lines: to_base64 and encode put a line end after every 76 characters.
#
# tableauhyperapi 0.0.26963 (PyPI). 56 bytes are plain base64, 57 end with a line end, and more have one inside: a text that equals no
# base64 that JSON, DynamoDB or DuckDB has of the same bytes. `encode` of PostgreSQL, from which the name is, breaks lines as well:
# <https://www.postgresql.org/docs/current/functions-binarystring.html>. `replace(to_base64(…), chr(10), '')` is plain. Fails if that
# changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet tableauhyperapi==0.0.26963

cat > base64_lines.py <<'SCRIPT'
import base64

from tableauhyperapi import Connection, HyperProcess, Telemetry

with HyperProcess(Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU, parameters={"log_config": ""}) as process:
    with Connection(process.endpoint) as connection:
        for length in (56, 57):
            plain = base64.b64encode(b"x" * length).decode()
            for expression in ("to_base64(b)", "encode(b, 'base64')", "replace(to_base64(b), chr(10), '')"):
                query = f"SELECT {expression} FROM (SELECT repeat('x', {length})::bytes AS b) AS t"
                text = connection.execute_scalar_query(query)
                print(length, expression, len(text.split("\n")), "plain" if text == plain else "not plain")
SCRIPT
said=$(venv/bin/python base64_lines.py)

echo "$said"
[ "$said" = "56 to_base64(b) 1 plain
56 encode(b, 'base64') 1 plain
56 replace(to_base64(b), chr(10), '') 1 plain
57 to_base64(b) 2 not plain
57 encode(b, 'base64') 2 not plain
57 replace(to_base64(b), chr(10), '') 1 plain" ]
echo 'As described: base64 in lines of 76 characters.'

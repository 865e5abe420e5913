#!/usr/bin/env bash
# Of a local time that comes twice in autumn, DuckDB takes the second moment, and Python the first.
#
# duckdb 1.5.6 (PyPI), with the ICU extension that it carries: timezone('Europe/Berlin', TIMESTAMP '2026-10-25 02:30:00') is 01:30 UTC.
# Python's zoneinfo takes 00:30 UTC (fold=0, <https://peps.python.org/pep-0495/>), as java.time and BigQuery's reference
# implementation do. A column of local times that two programs read is an hour apart in that hour of the year. For all other times
# they agree, also for the hour that spring leaves out. Fails if that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet duckdb==1.5.6 tzdata==2025.2

cat > repeated_hour.py <<'SCRIPT'
from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb

ZONE = "Europe/Berlin"
for text in ("2026-07-01 12:00:00", "2026-03-29 02:30:00", "2026-10-25 02:30:00"):
    by_duckdb = duckdb.sql(f"SELECT epoch(timezone('{ZONE}', TIMESTAMP '{text}'))").fetchone()[0]
    by_python = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp()
    print(text, int(by_duckdb - by_python))
SCRIPT
said=$(venv/bin/python repeated_hour.py)

echo "$said"
[ "$said" = '2026-07-01 12:00:00 0
2026-03-29 02:30:00 0
2026-10-25 02:30:00 3600' ]
echo 'As described: an hour apart, in one hour of the year.'

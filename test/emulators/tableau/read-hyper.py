"""Prints the only table of an extract as JSON: its name, its columns with their types, and its rows as text."""

import json
import sys

from tableauhyperapi import Connection, HyperProcess, Telemetry

PARAMETERS = {"log_config": ""}

with HyperProcess(Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU, parameters=PARAMETERS) as process:
    with Connection(process.endpoint, sys.argv[1]) as connection:
        [table] = connection.catalog.get_table_names("Extract")
        columns = connection.catalog.get_table_definition(table).columns
        selected = ", ".join(f"{column.name}::text" for column in columns)
        rows = connection.execute_list_query(f"SELECT {selected} FROM {table} ORDER BY 1 NULLS LAST")
        types = [[column.name.unescaped, str(column.type)] for column in columns]
        json.dump({"table": table.name.unescaped, "columns": types, "rows": rows}, sys.stdout)

"""Makes a Tableau extract (.hyper) of a Parquet file, with Tableau's own engine.

Reads one JSON object on stdin: parquet, hyper, schema, table; or only check, which makes nothing and tells whether the engine is
there. Writes one on stdout: the rows and columns of the extract, and
what was changed for it; or what went wrong, by the names of columns, and never by a value. stderr is for a person who debugs.

Facts of the engine that this stands on: <https://tableau.github.io/hyper-db/docs/sql/datatype/>
"""

import json
import re
import sys

# Version 3 stores decimals of more than 18 digits. Without the log, every statement would stand in a file hyperd.log.
PARAMETERS = {"log_config": "", "default_database_version": "3"}

# The years that a typed view can hold. DuckDB writes `infinity` as a time that Hyper takes for one in the year 294247.
FIRST = "TIMESTAMP '0001-01-01 00:00:00'"
LAST = "TIMESTAMP '9999-12-31 23:59:59.999999'"

# The ways in which Hyper names a column that it can't read.
NAMED = (
    re.compile(r"^\s*Column (.+) with physical type ", re.MULTILINE),
    re.compile(r"Do not select group column (.+) when scanning the file"),
    re.compile(r"Error while decoding .*? column chunk for column '(.+)' of type"),
)


class Refused(Exception):
    """Nothing was made, for the sake of these columns."""

    def __init__(self, columns):
        super().__init__("refused")
        self.columns = columns


def make(api, process, request):
    source = f"external({api.escape_string_literal(request['parquet'])}, FORMAT => 'parquet')"
    create = api.CreateMode.CREATE_AND_REPLACE
    with api.Connection(process.endpoint, request["hyper"], create) as connection:
        with connection.execute_query(f"SELECT * FROM {source} LIMIT 0") as result:
            columns = [(column.name, column.type.tag) for column in result.schema.columns]
        refused = [name.unescaped for name, tag in columns if tag in (api.TypeTag.INTERVAL, api.TypeTag.UNSUPPORTED)]
        if refused:
            raise Refused(refused)
        selected = ", ".join(f"{expression(api, name, tag)} AS {name}" for name, tag in columns)
        table = api.TableName(request["schema"], request["table"])
        connection.catalog.create_schema_if_not_exists(table.schema_name)
        connection.execute_command(f"CREATE TABLE {table} AS (SELECT {selected} FROM {source})")
        rows = connection.execute_scalar_query(f"SELECT count(*) FROM {table}")
        return {"rows": rows, "columns": len(columns), "nulled": nulled(api, connection, source, columns)}


def expression(api, name, tag):
    """A column as Tableau can show it."""
    if tag == api.TypeTag.FLOAT:
        return f"{name}::double precision"
    if tag == api.TypeTag.JSON:
        return f"{name}::text"
    if tag == api.TypeTag.BYTES:
        # Hyper breaks base64 into lines of 76 characters, which JSON and DynamoDB don't.
        return f"replace(to_base64({name}), chr(10), '')"
    if tag in (api.TypeTag.TIMESTAMP, api.TypeTag.TIMESTAMP_TZ):
        return f"CASE WHEN {in_range(api, name, tag)} THEN {in_utc(api, name, tag)} END"
    return str(name)


def in_utc(api, name, tag):
    return f"({name} AT TIME ZONE 'UTC')" if tag == api.TypeTag.TIMESTAMP_TZ else str(name)


def in_range(api, name, tag):
    return f"{in_utc(api, name, tag)} BETWEEN {FIRST} AND {LAST}"


def nulled(api, connection, source, columns):
    """How many values of each column became NULL because no date of Tableau's is like them."""
    times = [(name, tag) for name, tag in columns if tag in (api.TypeTag.TIMESTAMP, api.TypeTag.TIMESTAMP_TZ)]
    if not times:
        return []
    counts = ", ".join(f"count(*) FILTER (WHERE NOT {in_range(api, name, tag)})" for name, tag in times)
    [row] = connection.execute_list_query(f"SELECT {counts} FROM {source}")
    return [{"column": name.unescaped, "values": count} for (name, _), count in zip(times, row) if count > 0]


def columns_named_in(error):
    return list(dict.fromkeys(name for form in NAMED for name in form.findall(str(error))))


def main():
    request = json.load(sys.stdin)
    try:
        import tableauhyperapi as api
    except ModuleNotFoundError:
        return {"error": "package-missing"}
    if request.get("check"):
        return {"rows": 0, "nulled": []}
    try:
        telemetry = api.Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU
        with api.HyperProcess(telemetry=telemetry, parameters=PARAMETERS) as process:
            return make(api, process, request)
    except Refused as refused:
        return {"error": "columns-refused", "columns": refused.columns}
    except api.HyperException as error:
        print(error, file=sys.stderr)
        columns = columns_named_in(error)
        return {"error": "columns-refused", "columns": columns} if columns else {"error": "engine-failed"}


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdin.reconfigure(encoding="utf-8")
    json.dump(main(), sys.stdout)

"""Starts bqemulator for tests, with what it lacks of views.

Unmodified it downloads an extension at its start, and copies a whole table at every write. It also stores a view that is
made through the REST API as an empty table, never returns a view's statement, ignores If-Match, and fails to delete a
view. BigQuery does the opposite of each; here the five are made good. What a view's statement gives is bqemulator's own doing.
"""

import os
import sys
import threading
from uuid import uuid4

from bqemulator.api.routes import tables
from bqemulator.jobs.executor import execute_query_job
from bqemulator.storage.engine import DuckDBEngine
from bqemulator.versioning.snapshots import SnapshotManager
from fastapi import Request
from fastapi.responses import JSONResponse, Response



def end_with_owner():
    """The owner holds the other end of stdin, and lets go of it however it ends."""
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_owner, daemon=True).start()

DuckDBEngine._load_spatial = lambda *_args, **_kwargs: None
SnapshotManager.capture = lambda *_args, **_kwargs: None

table_to_rest = tables._table_to_rest


def with_view(table):
    body = table_to_rest(table)
    if table.view_query is not None:
        body["view"] = {"query": table.view_query, "useLegacySql": False}
    return body


tables._table_to_rest = with_view


async def put_view(ctx, project, dataset, table, body, replace):
    """Creates or replaces a view as CREATE VIEW does, then keeps what the resource says of it."""
    verb = "CREATE OR REPLACE VIEW" if replace else "CREATE VIEW"
    before = ctx.catalog.get_table(project, dataset, table)
    sql = f"{verb} `{project}.{dataset}.{table}` AS\n{body['view']['query']}"
    await execute_query_job(project, uuid4().hex, sql, None, ctx)
    made = ctx.catalog.get_table(project, dataset, table)
    kept = {
        "view_query": body["view"]["query"],
        "table_type": "VIEW",
        "description": body.get("description", before.description if before else None),
        "labels": {**(before.labels if before else {}), **body.get("labels", {})},
        "etag": f'"{uuid4().hex}"',
    }
    return with_view(ctx.catalog.update_table(made.model_copy(update=kept)))


def replace_route(method, path, make):
    """Puts `make(endpoint)` in front of a route of the tables API."""
    for route in tables.router.routes:
        if route.path == path and method in route.methods:
            route.endpoint = make(route.endpoint)
            route.dependant.call = route.endpoint
            return
    raise LookupError(f"{method} {path}")


def inserting(insert_table):
    async def insert(project_id: str, dataset_id: str, request: Request, ctx: tables._Ctx):
        body = await request.json()
        table = body.get("tableReference", {}).get("tableId")
        if "view" not in body or ctx.catalog.get_table(project_id, dataset_id, table) is not None:
            return await insert_table(project_id, dataset_id, request, ctx)
        return await put_view(ctx, project_id, dataset_id, table, body, replace=False)

    return insert


def patching(patch_table):
    async def patch(project_id: str, dataset_id: str, table_id: str, request: Request, ctx: tables._Ctx):
        body = await request.json()
        existing = ctx.catalog.get_table(project_id, dataset_id, table_id)
        expected = request.headers.get("if-match")
        if existing is not None and expected not in (None, existing.etag):
            error = {"reason": "conditionNotMet", "location": "If-Match", "message": "Precondition check failed."}
            return JSONResponse({"error": {"code": 412, "message": error["message"], "errors": [error]}}, 412)
        if existing is None or "view" not in body:
            return await patch_table(project_id, dataset_id, table_id, request, ctx)
        return await put_view(ctx, project_id, dataset_id, table_id, body, replace=True)

    return patch


def deleting(delete_table):
    async def delete(project_id: str, dataset_id: str, table_id: str, ctx: tables._Ctx):
        existing = ctx.catalog.get_table(project_id, dataset_id, table_id)
        if existing is not None and existing.table_type == "VIEW":
            sql = f"DROP VIEW `{project_id}.{dataset_id}.{table_id}`"
            await execute_query_job(project_id, uuid4().hex, sql, None, ctx)
            return Response(status_code=204)
        return await delete_table(project_id, dataset_id, table_id, ctx)

    return delete


TABLES = "/bigquery/v2/projects/{project_id}/datasets/{dataset_id}/tables"
replace_route("POST", TABLES, inserting)
replace_route("PATCH", TABLES + "/{table_id}", patching)
replace_route("DELETE", TABLES + "/{table_id}", deleting)

from bqemulator.cli import main  # noqa: E402

main()

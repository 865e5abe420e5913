import { DuckDBInstance } from '@duckdb/node-api';

const ARN = 'arn:aws:dynamodb:eu-west-1:123456789012:table/';

const COMMENTS = {
  ledger: `What happened to Tailrace's snapshots: one row per event, append-only.\n{"tailrace":"ledger"}`,
  latest:
    'Current state, one row per item, kept by Tailrace. Replaced at every published snapshot: edits are lost.\n' +
    '{"tailrace":"latest","snapshot_id":null,"floor":null,"stream_label":null,"generation":1}',
};

/**
 * Makes a DuckDB file with tables in the first form that Tailrace gave them, word for word: a changelog of writers' stamps,
 * and a latest view that has what it stands on.
 */
export async function makeOlderFile(path: string, ...tableNames: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    for (const statement of [...ledger(), ...tableNames.flatMap(objectsOf)]) await connection.run(statement);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function ledger(): readonly string[] {
  return [
    `CREATE TABLE tailrace_snapshots("at" TIMESTAMP NOT NULL, "event" VARCHAR NOT NULL, table_name VARCHAR NOT NULL,
      table_arn VARCHAR NOT NULL, table_id VARCHAR, snapshot_id VARCHAR NOT NULL, kind VARCHAR NOT NULL,
      stream_arn VARCHAR NOT NULL, started_at TIMESTAMP NOT NULL, floor TIMESTAMP NOT NULL, generation BIGINT NOT NULL,
      base_snapshot_id VARCHAR, item_count BIGINT, actor VARCHAR NOT NULL)`,
    comment('TABLE', 'tailrace_snapshots', COMMENTS.ledger),
  ];
}

function objectsOf(table: string): readonly string[] {
  const id = '20260104t050607z1f3a';
  return [
    `CREATE TABLE ${table}_changelog("key" VARCHAR NOT NULL, operation VARCHAR NOT NULL, "position" VARCHAR NOT NULL,
      sequence_number VARCHAR, event_id VARCHAR, changed_at TIMESTAMP NOT NULL, ingested_at TIMESTAMP NOT NULL,
      new_image JSON, old_image JSON, digest VARCHAR, expired BOOLEAN NOT NULL, origin VARCHAR NOT NULL,
      generation BIGINT NOT NULL)`,
    `INSERT INTO ${table}_changelog VALUES ('["a"]', 'INSERT', 'l/1', '1', 'e', '2026-01-02', '2026-01-02',
      '{"id":"a"}', NULL, 'd', false, 'stream', 1)`,
    `CREATE TABLE ${table}_snapshot_${id}("key" VARCHAR NOT NULL, item JSON, digest VARCHAR, "position" VARCHAR,
      changed_at TIMESTAMP, removed BOOLEAN)`,
    `CREATE VIEW ${table}_latest AS SELECT "key", new_image AS item, digest, "position", changed_at FROM ${table}_changelog`,
    `CREATE VIEW ${table} AS SELECT item FROM ${table}_latest`,
    comment(
      'TABLE',
      `${table}_changelog`,
      `Changes of the DynamoDB table ${table}, kept by Tailrace: one row per change, append-only.\n` +
        `{"tailrace":"changelog","table_name":"${table}","table_arn":"${ARN}${table}","table_id":null}`,
    ),
    comment('TABLE', `${table}_snapshot_${id}`, `Items.\n{"tailrace":"snapshot","table_name":"${table}"}`),
    comment('VIEW', `${table}_latest`, COMMENTS.latest),
    comment('VIEW', table, `Items.\n{"tailrace":"typed","table_name":"${table}"}`),
  ];
}

function comment(kind: 'TABLE' | 'VIEW', name: string, text: string): string {
  return `COMMENT ON ${kind} ${name} IS '${text.replaceAll("'", "''")}'`;
}

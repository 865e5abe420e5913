import { type ChangelogStorage, PARTITION_UNITS } from '../changelog/storage.ts';
import { readTypedColumns } from '../schema/stored-columns.ts';
import type { TypedColumn } from '../schema/typed-column.ts';
import type { Published } from '../snapshot/published.ts';
import type { Sighting } from '../source/sighting.ts';
import { isObject } from '../value/is-object.ts';
import type { KeyAttribute } from '../value/key-attribute.ts';
import type { RememberedTable } from './known-table.ts';
import { factsRow, snapshotFacts } from './ledger-event.ts';
import type { MadeSnapshot } from './snapshot-store.ts';
import type { SqlRow } from './sql-row.ts';

/**
 * The comment of an object in a destination: a sentence for people, and facts as JSON, by which Tailrace recognises its
 * own objects.
 *
 * ```text
 * Changes of the DynamoDB table orders, kept by Tailrace.
 * {"tailrace":"changelog","format":3,"table_name":"orders","table_arn":"arn:…","table_id":"…","created_at":"…","streams":["…"],
 *  "partition":"day","history_days":400,"kept_since":"…"}
 * ```
 *
 * The changelog remembers the source, its streams and how it is stored, the state what it stands on, a snapshot what is known
 * of it, and a typed view its table.
 */
export type Annotation =
  | ({ readonly of: 'changelog' } & RememberedTable)
  /** `columns`: the typed columns in force. BigQuery has them in the statement, where there is room for any number. */
  | { readonly of: 'state'; readonly published: Published; readonly columns?: readonly TypedColumn[] }
  /** `tableName`: `null` in the form of an earlier version. */
  | { readonly of: 'latest'; readonly tableName: string | null }
  | { readonly of: 'load'; readonly tableName: string }
  /** `facts`: `null` until it is whole. */
  | { readonly of: 'snapshot'; readonly tableName: string; readonly facts: MadeSnapshot | null }
  | { readonly of: 'typed'; readonly tableName: string }
  /** `isOther`: it has the form of another version of Tailrace. */
  | { readonly of: 'ledger'; readonly isOther?: true }
  | { readonly of: 'clock' }
  /** `createdAt`: milliseconds since the epoch. Renewed while the comparison runs. */
  | { readonly of: 'comparison'; readonly tableName: string; readonly createdAt: number };

/**
 * The form of a changelog, of all that stands on it and of the ledger. One without it, or with another, was made by another
 * version of Tailrace: its rows mean something else.
 */
const FORMAT = 3;

/** Writes an annotation as a comment's text. */
export function writeAnnotation(annotation: Annotation): string {
  return `${sentence(annotation)}\n${JSON.stringify({ tailrace: annotation.of, ...facts(annotation) })}`;
}

/** Reads a comment; `undefined` if it isn't an annotation: the object isn't Tailrace's, or was edited by hand. */
export function readAnnotation(comment: string | null): Annotation | undefined {
  const json = parse(comment?.slice(comment.lastIndexOf('\n') + 1) ?? '');
  if (!isObject(json)) return undefined;
  switch (json['tailrace']) {
    case 'changelog': {
      const { table_name: name, table_arn: arn, table_id: tableId } = json;
      if (typeof name !== 'string' || typeof arn !== 'string' || !isTextOrNull(tableId)) return undefined;
      const changelog = json['format'] === FORMAT ? readStorage(json) : null;
      return { of: 'changelog', source: { name, arn, tableId }, seen: readSighting(json), changelog };
    }
    case 'state': {
      const published = readPublished(json);
      const columns = readTypedColumns(json['columns'] ?? []);
      return published && columns && { of: 'state', published, columns };
    }
    case 'snapshot': {
      const { table_name: tableName, facts } = json;
      if (typeof tableName !== 'string') return undefined;
      return { of: 'snapshot', tableName, facts: isObject(facts) ? readFacts(facts) : null };
    }
    case 'latest': {
      const { table_name: tableName } = json;
      return { of: 'latest', tableName: typeof tableName === 'string' ? tableName : null };
    }
    case 'load':
    case 'typed': {
      const { tailrace: of, table_name: tableName } = json;
      return typeof tableName === 'string' ? { of, tableName } : undefined;
    }
    case 'ledger':
      return json['format'] === FORMAT ? { of: 'ledger' } : { of: 'ledger', isOther: true };
    case 'clock':
      return { of: 'clock' };
    case 'comparison': {
      const createdAt = time(json['created_at']);
      const tableName = json['table_name'];
      if (typeof createdAt !== 'number' || typeof tableName !== 'string') return undefined;
      return { of: 'comparison', tableName, createdAt };
    }
    default:
      return undefined;
  }
}

function sentence(annotation: Annotation): string {
  switch (annotation.of) {
    case 'changelog':
      return `Changes of the DynamoDB table ${annotation.source.name}, kept by Tailrace: one row per change, append-only.`;
    case 'state':
      return 'State for the other views of Tailrace: use those. Replaced at every published snapshot: edits are lost.';
    case 'latest':
      return `Current state of the DynamoDB table ${annotation.tableName}, one row per item, kept by Tailrace.`;
    case 'load':
      return `Items of the DynamoDB table ${annotation.tableName} on their way into a snapshot.`;
    case 'snapshot':
      return `Items of the DynamoDB table ${annotation.tableName} as of one reading or compaction, kept by Tailrace.`;
    case 'typed':
      return `Items of the DynamoDB table ${annotation.tableName}, typed by its schema, kept by Tailrace. Edits are lost.`;
    case 'ledger':
      return "What happened to Tailrace's snapshots: one row per event, append-only.";
    case 'clock':
      return 'The clock by which changes are stamped when they are stored, kept by Tailrace: one row. Edits are lost.';
    case 'comparison':
      return 'What a running tailrace verify or gaps has read; dropped at its end.';
  }
}

function facts(annotation: Annotation): Readonly<Record<string, unknown>> {
  switch (annotation.of) {
    case 'changelog': {
      const { source, seen, changelog } = annotation;
      const { name, arn, tableId } = source;
      return {
        ...(changelog && { format: FORMAT }),
        table_name: name,
        table_arn: arn,
        table_id: tableId,
        ...(seen && sightingFacts(seen)),
        ...(changelog && storageFacts(changelog)),
      };
    }
    case 'state': {
      const { snapshotId, floor, streamLabel, from, reading, folded, generation } = annotation.published;
      return {
        snapshot_id: snapshotId,
        floor: isoOf(floor),
        stream_label: streamLabel,
        from: isoOf(from),
        reading,
        folded,
        generation,
        ...(annotation.columns && { columns: annotation.columns }),
      };
    }
    case 'snapshot': {
      const { tableName, facts } = annotation;
      return { table_name: tableName, facts: facts && factsRow(facts) };
    }
    case 'latest':
    case 'load':
    case 'typed':
      return { table_name: annotation.tableName };
    case 'ledger':
      return annotation.isOther ? {} : { format: FORMAT };
    case 'clock':
      return {};
    case 'comparison':
      return { table_name: annotation.tableName, created_at: new Date(annotation.createdAt).toISOString() };
  }
}

function sightingFacts({ createdAt, streams, keys }: Sighting) {
  const time = createdAt === null ? null : new Date(createdAt).toISOString();
  return { created_at: time, streams, ...(keys && { keys }) };
}

/** `null` if the annotation has no list of streams. */
function readSighting({ created_at: createdAt, streams, keys }: Readonly<Record<string, unknown>>): Sighting | null {
  if (!Array.isArray(streams)) return null;
  return {
    createdAt: time(createdAt) ?? null,
    streams: streams.filter((label) => typeof label === 'string'),
    ...(Array.isArray(keys) && keys.every(isKeyAttribute) && { keys }),
  };
}

function isKeyAttribute(json: unknown): json is KeyAttribute {
  if (!isObject(json)) return false;
  const { name, type } = json;
  return typeof name === 'string' && (type === 'S' || type === 'N' || type === 'B');
}

function storageFacts({ partition, historyDays, keptSince }: ChangelogStorage) {
  return { partition, history_days: historyDays, kept_since: new Date(keptSince).toISOString() };
}

/** `null` if the annotation doesn't have it whole. */
function readStorage(json: Readonly<Record<string, unknown>>): ChangelogStorage | null {
  const partition = PARTITION_UNITS.find((unit) => unit === json['partition']);
  const historyDays = json['history_days'];
  const keptSince = time(json['kept_since']);
  const isDays = typeof historyDays === 'number' && Number.isSafeInteger(historyDays) && historyDays > 0;
  return partition && isDays && typeof keptSince === 'number' ? { partition, historyDays, keptSince } : null;
}

function readPublished(json: Readonly<Record<string, unknown>>): Published | undefined {
  const { snapshot_id: snapshotId, stream_label: streamLabel, reading, folded, generation } = json;
  const [floor, from] = [time(json['floor']), time(json['from'])];
  if (!isTextOrNull(snapshotId) || !isTextOrNull(streamLabel) || !isTextOrNull(reading) || !isTextOrNull(folded)) {
    return undefined;
  }
  if (floor === undefined || from === undefined) return undefined;
  return Number.isSafeInteger(generation) && typeof generation === 'number'
    ? { snapshotId, floor, streamLabel, from, reading, folded, generation }
    : undefined;
}

/** `null` if it isn't what Tailrace wrote. */
function readFacts(json: Readonly<Record<string, unknown>>): MadeSnapshot | null {
  try {
    const { itemCount, ...facts } = snapshotFacts(json as SqlRow);
    return itemCount === null ? null : { ...facts, itemCount };
  } catch {
    // Edited by hand.
    return null;
  }
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** Milliseconds of an ISO time, `null` of none, `undefined` of anything else. */
function time(value: unknown): number | null | undefined {
  if (value === null) return null;
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A comment that someone else wrote.
    return undefined;
  }
}

import { count, counted, duration } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import type { Status } from './inspect.ts';

/** A table's status for a person, as names and values. */
export function statusLines(found: Status): (readonly [string, string])[] {
  const { newest_changed_at: newest, newest_change_age_ms: age, freshness_ms: freshness } = found;
  return [
    ['table', `${found.table} (${found.table_arn})`],
    ['table id', found.table_id ?? 'not known: no command has asked DynamoDB yet'],
    ['items', count(found.items)],
    ['changes', changesText(found)],
    [
      'newest change',
      newest === null || age === null
        ? `none${found.recent_since === null ? '' : ' since the snapshot'}`
        : `${newest}, ${duration(age)} ago`,
    ],
    ['lag', lagText(found)],
    ['freshness', freshness === null ? 'unknown' : `${duration(freshness)} (times of changes are whole seconds)`],
    [
      'snapshot',
      found.snapshot_id === null ? 'none' : `${found.snapshot_id}, changes count from ${found.snapshot_floor}`,
    ],
    ['tail', tailText(found.tail)],
    ['dead letters', deadLettersText(found)],
  ];
}

/** Warns of what a person should act on. */
export function warnOfStatus(found: Status, output: Output): void {
  const { table, tail, foreign_snapshots: foreign } = found;
  if (found.ledger_problem !== null) {
    output.warn(
      `The ledger can't be used: ${found.ledger_problem}. Mend it, or drop it and run \`tailrace setup ${table}\`, which makes a new ` +
        'one: that knows the published snapshot alone.',
    );
  }
  if (foreign !== null && foreign > 0) {
    output.warn(
      `${counted(foreign, 'snapshot')} of another table named ${table} still ${foreign === 1 ? 'exists' : 'exist'}, and will ` +
        `never be published: see \`tailrace snapshots list ${table}\`.`,
    );
  }
  if (found.unproven !== null) output.warn(found.unproven);
  if (tail?.state === 'stopped' && found.lag_by === 'tail') {
    output.warn(
      `The tail of ${table} is stopped, and the stream drops changes after 24 hours. Run \`tailrace tail ${table}\`.`,
    );
  }
  if (tail?.state === 'other destination') return;
  for (const range of tail?.lost ?? []) {
    output.warn(`The stream dropped ${range} of ${table} before tail read it. Run \`tailrace backfill ${table}\`.`);
  }
}

/**
 * Why a table's lag is over a bound, as a sentence; `null` if it isn't. A lag that isn't known is over it.
 *
 * @param maxMs In milliseconds.
 */
export function lagProblem({ table, lag_ms: lag, lag_by: by }: Status, maxMs: number): string | null {
  if (lag !== null && lag <= maxMs) return null;
  const max = `--max-lag ${duration(maxMs)}`;
  if (lag === null) {
    return `The lag of ${table} is not known, so it may be over ${max}: ${by === 'tail' ? 'its tail has not read all of the stream yet' : 'there is no tail of it here, and no change'}.`;
  }
  const shown = by === 'snapshot' ? 'snapshot, as no change has come since' : 'newest change';
  const doubt = by === 'tail' ? '' : ` by its ${shown}; a quiet table looks the same, as no tail of it is here`;
  return `${table} is ${duration(lag)} behind${doubt}: over ${max}.`;
}

function changesText({ changes: all, recent_changes: recent, recent_since: since }: Status): string {
  if (since === null) return count(recent);
  return `${all === null ? '' : `${count(all)}, of which `}${count(recent)} ingested since ${since}`;
}

function lagText({ lag_ms: lag, lag_by: by, tail }: Status): string {
  const isRunning = tail?.state === 'running';
  if (lag === null) return isRunning ? 'not known yet: the tail has not read all of the stream' : 'not known';
  // In the destination, a quiet table and a stopped reader look the same.
  if (by === 'newest change') return `${duration(lag)} by the newest change (quiet table or stopped reader)`;
  if (by === 'snapshot') {
    return `${duration(lag)} by the snapshot: no change has come since (quiet table or stopped reader)`;
  }
  return isRunning ? `${duration(lag)}: the tail has read everything older` : `${duration(lag)}, and growing`;
}

function tailText(tail: Status['tail']): string {
  if (tail === null) return 'no checkpoint here';
  const process = tail.pid === null ? '' : `, process ${tail.pid}`;
  if (tail.state === 'other destination') return `of another destination: ${tail.destination}${process}`;
  const shards = `${counted(tail.open_shards, 'open shard')} of ${tail.shards}`;
  const age = tail.saved_age_ms === null ? 'no checkpoint yet' : `checkpoint ${duration(tail.saved_age_ms)} ago`;
  if (tail.state === 'running') return `running${process}, ${age}, ${shards}`;
  if (tail.state === 'ended') return `ended: the stream is off and read to its end, ${age}`;
  const since = tail.saved_at === null ? '' : ` since ${tail.saved_at.replace(/\.\d+/, '')}`;
  return `stopped${since}, ${age}, ${shards}`;
}

function deadLettersText({ dead_letter_places: places, destination }: Status): string {
  const unknown = 'not known from here: name the bucket of the Lambda with --s3';
  if (places.length === 0) return unknown;
  const known = places.map((letters) => `${count(letters.count)} in ${letters.place}`).join(', ');
  const hasBucket = places.some(({ place }) => place.startsWith('s3://'));
  return hasBucket || !destination.startsWith('bigquery:') ? known : `${known}; of a Lambda ${unknown}`;
}

import { describe, expect, test } from 'vitest';
import { lagOf } from '../../../../../cli/commands/status/lag.ts';
import { type TailState, tailStateOf } from '../../../../../cli/commands/status/tail-state.ts';
import { newCheckpoint } from '../../../../../src/stream/checkpoint.ts';
import { ORDERS, STREAM_ARN } from '../../../../support/stream/record.ts';

const NOW = 1_000_000_000;
const MINUTE = 60_000;
const HERE = 'duckdb:here.duckdb';

const checkpointOf = (parts: object = {}) => ({
  ...newCheckpoint(STREAM_ARN, HERE),
  savedAt: NOW - MINUTE,
  readUntil: NOW - 2 * MINUTE,
  ...parts,
});

describe('a tail is', () => {
  test.each([
    ['not there, without a trace', undefined, null, null],
    ['running before its first checkpoint', undefined, { pid: 7 }, 'running'],
    ['running while its lock is held', checkpointOf(), { pid: 7 }, 'running'],
    ['stopped, where nothing holds its lock', checkpointOf(), null, 'stopped'],
    ['ended, once its stream is off and read', checkpointOf({ ended: true }), null, 'ended'],
    [
      'of another destination, running or not',
      checkpointOf({ destination: 'duckdb:there.duckdb' }),
      { pid: 7 },
      'other destination',
    ],
    [
      'not there, where the checkpoint is of another table',
      checkpointOf({ streamArn: STREAM_ARN.replace('Orders', 'Carts') }),
      { pid: 7 },
      null,
    ],
  ])('%s', (_, checkpoint, holder, state) => {
    expect(tailStateOf(checkpoint, ORDERS, HERE, holder)?.is ?? null).toBe(state);
  });
});

describe('the lag is', () => {
  const running = tailStateOf(checkpointOf(), ORDERS, HERE, { pid: 7 });
  const stopped = tailStateOf(checkpointOf(), ORDERS, HERE, null);
  const elsewhere = tailStateOf(checkpointOf({ destination: 'duckdb:there.duckdb' }), ORDERS, HERE, { pid: 7 });
  const unread = tailStateOf(checkpointOf({ readUntil: null }), ORDERS, HERE, { pid: 7 });
  const none = { newestChangedAt: null, newestIngestedAt: null, floor: null };
  const fresh = { newestChangedAt: NOW - 1_000, newestIngestedAt: NOW - 500, floor: NOW - 90 * MINUTE };
  const old = { newestChangedAt: NOW - 60 * MINUTE, newestIngestedAt: NOW - 60 * MINUTE, floor: null };

  test.each<[string, TailState | null, Parameters<typeof lagOf>[1], number | null, string | null]>([
    ['what a running tail has read, however old the changes are', running, old, 2 * MINUTE, 'tail'],
    ['what a running tail has read, though some shard delivers', running, fresh, 2 * MINUTE, 'tail'],
    ['not known, before a running tail has read all', unread, fresh, null, 'tail'],
    ['growing, where the tail is stopped and nothing else delivers', stopped, old, 2 * MINUTE, 'tail'],
    [
      'that of another reader, where rows have come since the tail stopped',
      stopped,
      { ...fresh, newestIngestedAt: NOW + MINUTE },
      1_000,
      'newest change',
    ],
    [
      'the age of the newest change, where the tail is of another destination',
      elsewhere,
      old,
      60 * MINUTE,
      'newest change',
    ],
    ['the age of the newest change, without a tail', null, old, 60 * MINUTE, 'newest change'],
    [
      'the age of the snapshot, where no change has come since',
      null,
      { ...none, floor: NOW - 9 * MINUTE },
      9 * MINUTE,
      'snapshot',
    ],
    ['not known, where nothing is there', null, none, null, null],
  ])('%s', (_, tail, changes, ms, by) => {
    expect(lagOf(tail, changes, NOW)).toEqual({ ms, by });
  });
});

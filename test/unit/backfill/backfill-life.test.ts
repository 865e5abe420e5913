import { describe, expect, test } from 'vitest';
import {
  afterEvent,
  type BackfillEvent,
  type BackfillState,
  eventOfDecision,
  eventOfFailure,
  isResumable,
  stateIn,
} from '../../../backfill/backfill-life.ts';
import { type BackfillCheckpoint, unread } from '../../../backfill/checkpoint.ts';
import { TailraceError } from '../../../src/errors.ts';

const STATES = ['none', 'scanning', 'whole', 'published', 'stored', 'dropping'] as const;
const EVENTS = ['begun', 'stopped', 'scanned', 'published', 'withheld', 'abandoned', 'lost', 'dropped'] as const;

type Row = readonly [from: BackfillState, event: BackfillEvent, to: BackfillState];

const TABLE: readonly Row[] = [
  ['none', 'begun', 'scanning'],
  ['none', 'stopped', 'none'],
  ['none', 'lost', 'none'],

  ['scanning', 'stopped', 'scanning'],
  ['scanning', 'scanned', 'whole'],
  ['scanning', 'abandoned', 'dropping'],
  ['scanning', 'lost', 'dropping'],

  // The next run counts it again, and decides again.
  ['whole', 'stopped', 'whole'],
  ['whole', 'scanned', 'whole'],
  ['whole', 'published', 'published'],
  ['whole', 'withheld', 'stored'],
  ['whole', 'abandoned', 'dropping'],
  ['whole', 'lost', 'dropping'],

  // Its checkpoint may be there still.
  ['published', 'stopped', 'published'],
  ['published', 'scanned', 'published'],
  ['published', 'lost', 'dropping'],

  ['dropping', 'stopped', 'dropping'],
  ['dropping', 'abandoned', 'dropping'],
  ['dropping', 'dropped', 'none'],
];

test.each(TABLE)('a backfill that is %s, once %s, is %s', (from, event, to) => {
  expect(afterEvent(from, event)).toBe(to);
});

test('no other event comes in any state', () => {
  const listed = new Set(TABLE.map(([from, event]) => `${from} ${event}`));
  for (const state of STATES) {
    for (const event of EVENTS) {
      if (!listed.has(`${state} ${event}`)) expect(() => afterEvent(state, event)).toThrow(RangeError);
    }
  }
});

test('only what is read in part, or not decided on, is resumed', () => {
  expect(STATES.filter(isResumable)).toEqual(['scanning', 'whole']);
});

describe('the state that a checkpoint leaves to the next run', () => {
  const [fresh] = unread(1);
  const read = { ...fresh, done: true };
  const checkpoint = (of: object) => ({ segments: [], ...of }) as unknown as BackfillCheckpoint;

  test.each([
    ['no checkpoint', null, 'none'],
    ['a segment that is not read to its end', checkpoint({ segments: [read, fresh] }), 'scanning'],
    ['all segments read to their end', checkpoint({ segments: [read, read] }), 'whole'],
    ['a drop that began', checkpoint({ segments: [read, fresh], isDropping: true }), 'dropping'],
  ] as const)('%s', (_, found, state) => {
    expect(stateIn(found)).toBe(state);
  });
});

test.each([
  ['publish', true, 'published'],
  ['publish', false, 'withheld'],
  ['drop', true, 'abandoned'],
  ['drop', false, 'abandoned'],
  ['leave', true, 'stopped'],
] as const)('the decision to %s, in a run that may publish (%s), means %s', (decision, publish, event) => {
  expect(eventOfDecision(decision, publish)).toBe(event);
});

test.each([
  ['stream-changed', true, 'lost'],
  ['snapshot-incomplete', true, 'lost'],
  ['source-table-missing', true, 'lost'],
  ['snapshot-superseded', true, 'withheld'],
  ['snapshot-superseded', false, 'lost'],
  ['destination-unavailable', true, 'stopped'],
  ['destination-unavailable', false, 'lost'],
] as const)('%s, with a checkpoint to resume from (%s), means %s', (kind, hasCheckpoint, event) => {
  expect(eventOfFailure(new TailraceError(kind, 'Injected'), hasCheckpoint)).toBe(event);
});

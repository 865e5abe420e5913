import { describe, expect, test } from 'vitest';
import { MARGIN_MS, RETENTION_MS, SKEW_MS } from '../../../src/stream/retention.ts';
import {
  afterNews,
  afterParent,
  newShard,
  type ShardNews,
  type ShardProgress,
} from '../../../src/stream/shard-life.ts';
import type { IteratorStart } from '../../../src/stream/stream-client.ts';

/** When the shard was listed, or was found quiet. */
const THEN = Date.UTC(2026, 0, 2);
const SOON = THEN + MARGIN_MS;
const LATER = THEN + MARGIN_MS + 1;
const A_DAY_ON = THEN + RETENTION_MS - MARGIN_MS;
const TOO_LATE = A_DAY_ON + 1;

const BEGINNING: IteratorStart = { at: 'TRIM_HORIZON' };
const at = (sequenceNumber: string): IteratorStart => ({ at: 'AT_SEQUENCE_NUMBER', sequenceNumber });
const after = (sequenceNumber: string): IteratorStart => ({ at: 'AFTER_SEQUENCE_NUMBER', sequenceNumber });

const shard = (resume: IteratorStart, absentAt: number | null = null): ShardProgress => ({
  parentId: null,
  resume,
  done: false,
  absentAt,
  presentAt: THEN,
});
/** In the first description of all; born while the stream was described; begun; read in part. */
const LISTED = shard(BEGINNING);
const BORN = shard(BEGINNING, THEN);
const BEGUN = shard(at('8'));
const READ = shard(after('9'));

const page = (now: number, first: string | null, trimmed: IteratorStart | null = null): ShardNews => ({
  is: 'page',
  at: now,
  first,
  trimmed,
});
const quiet = (now: number, trimmed: IteratorStart | null = null): ShardNews => ({ is: 'quiet', at: now, trimmed });
const gone = (now: number): ShardNews => ({ is: 'gone', at: now });

type Row = readonly [
  name: string,
  from: ShardProgress,
  news: ShardNews,
  becomes: Partial<ShardProgress>,
  lost: { start: IteratorStart; before: string | null } | null,
];

const whole = { start: BEGINNING, before: null };

const TABLE: readonly Row[] = [
  // The first page pins where the shard begins.
  ['listed, at once', LISTED, page(SOON, '8'), { resume: at('8') }, null],
  ['listed, late', LISTED, page(LATER, '8'), { resume: at('8') }, { start: BEGINNING, before: '8' }],
  ['listed, late and empty at its end', LISTED, page(LATER, null), {}, whole],
  ['born, within a day', BORN, page(A_DAY_ON, '8'), { resume: at('8') }, null],
  ['born, a day later', BORN, page(TOO_LATE, '8'), { resume: at('8') }, { start: BEGINNING, before: '8' }],
  ['begun', BEGUN, page(TOO_LATE, '8'), {}, null],
  ['begun, trimmed', BEGUN, page(SOON, '9', at('8')), { resume: at('9') }, { start: at('8'), before: '9' }],
  ['read', READ, page(TOO_LATE, '10'), {}, null],
  ['read, trimmed', READ, page(SOON, '12', after('9')), { resume: at('12') }, { start: after('9'), before: '12' }],
  ['read, trimmed to its end', READ, page(SOON, null, after('9')), {}, { start: after('9'), before: null }],

  // A quiet shard has no record older than that moment.
  ['listed, quiet', LISTED, quiet(SOON), { absentAt: SOON, presentAt: SOON }, null],
  ['listed, quiet late', LISTED, quiet(LATER), { absentAt: LATER, presentAt: LATER }, whole],
  ['born, quiet a day later', BORN, quiet(TOO_LATE), { absentAt: TOO_LATE, presentAt: TOO_LATE }, whole],
  ['read, quiet', READ, quiet(TOO_LATE), { absentAt: TOO_LATE, presentAt: TOO_LATE }, null],
  [
    'read, trimmed and quiet',
    READ,
    quiet(TOO_LATE, after('9')),
    { resume: BEGINNING, absentAt: TOO_LATE, presentAt: TOO_LATE },
    { start: after('9'), before: null },
  ],

  ['taken', BEGUN, { is: 'taken', last: '9', lastTime: SOON }, { resume: after('9'), absentAt: SOON - SKEW_MS }, null],
  ['taken, without a number', BEGUN, { is: 'taken', last: null, lastTime: null }, {}, null],
  ['closed', READ, { is: 'closed' }, { done: true }, null],

  // Of a shard that is gone, the promised records are lost.
  ['listed, gone at once', LISTED, gone(SOON), { done: true }, null],
  ['listed, gone late', LISTED, gone(LATER), { done: true }, whole],
  ['born, gone', BORN, gone(SOON), { done: true }, whole],
  ['begun, gone', BEGUN, gone(SOON), { done: true }, { start: at('8'), before: null }],
  ['read, gone', READ, gone(SOON), { done: true }, { start: after('9'), before: null }],
];

test.each(TABLE)('a shard that is %s', (_, from, news, becomes, lost) => {
  expect(afterNews(from, news)).toEqual({ shard: { ...from, ...becomes }, lost });
});

/** The states of the diagram. */
function stateOf({ resume, done }: ShardProgress): string {
  if (done) return 'done';
  return { TRIM_HORIZON: 'listed', AT_SEQUENCE_NUMBER: 'begun', AFTER_SEQUENCE_NUMBER: 'read' }[resume.at];
}

const NEWS = {
  page: page(SOON, '10'),
  'page without a number': page(SOON, null),
  'page, trimmed': page(SOON, '10', at('8')),
  quiet: quiet(SOON),
  'quiet, trimmed': quiet(SOON, at('8')),
  taken: { is: 'taken', last: '9', lastTime: SOON },
  'taken without a number': { is: 'taken', last: null, lastTime: null },
  closed: { is: 'closed' },
  gone: gone(SOON),
} as const satisfies Record<string, ShardNews>;

/** From `listed`, `begun` and `read`. Nothing is trimmed or taken of a shard that was never begun. */
test.each<[keyof typeof NEWS, string | null, string, string]>([
  ['page', 'begun', 'begun', 'read'],
  ['page without a number', 'listed', 'begun', 'read'],
  ['page, trimmed', null, 'begun', 'begun'],
  ['quiet', 'listed', 'begun', 'read'],
  ['quiet, trimmed', null, 'listed', 'listed'],
  ['taken', null, 'read', 'read'],
  ['taken without a number', 'listed', 'begun', 'read'],
  ['closed', 'done', 'done', 'done'],
  ['gone', 'done', 'done', 'done'],
])('%s leads from listed to %s, from begun to %s, and from read to %s', (news, ...states) => {
  for (const [index, from] of [LISTED, BEGUN, READ].entries()) {
    const state = states[index];
    if (state) expect(stateOf(afterNews(from, NEWS[news]).shard)).toBe(state);
  }
});

describe('a shard that a description shows for the first time', () => {
  const listing = { before: null, at: THEN, createdAt: THEN - 2 * RETENTION_MS };

  test('is promised from then on', () => {
    expect(newShard('root', listing)).toEqual({ ...LISTED, parentId: 'root' });
  });

  test('is promised whole if an earlier description was without it', () => {
    expect(newShard(null, { ...listing, before: THEN, at: TOO_LATE })).toEqual(BORN);
  });

  test('is promised whole if its stream is younger than a day', () => {
    expect(newShard(null, { ...listing, createdAt: THEN - 5 })).toEqual({ ...LISTED, absentAt: THEN - 5 });
    // By a server that counts in milliseconds, streams come from the future.
    expect(newShard(null, { ...listing, createdAt: THEN * 1_000 })).toEqual(LISTED);
  });
});

test('a child is no older than the end of its parent, and never begins again', () => {
  const parent = { ...READ, done: true, absentAt: LATER };
  expect(afterParent(LISTED, parent)).toEqual({ ...LISTED, absentAt: LATER });
  expect(afterParent(shard(BEGINNING, TOO_LATE), parent).absentAt).toBe(TOO_LATE);
  expect(afterParent(LISTED, { ...parent, absentAt: null })).toEqual(LISTED);
  expect(afterParent(BEGUN, parent)).toBe(BEGUN);
});

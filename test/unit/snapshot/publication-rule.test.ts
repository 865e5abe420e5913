import { describe, expect, test } from 'vitest';
import {
  isSameReading,
  type Publication,
  type PublicationProblem,
  publicationProblem,
} from '../../../src/snapshot/publication-rule.ts';
import { type Published, unpublished } from '../../../src/snapshot/published.ts';
import { publishedReading } from '../../support/values/published.ts';

const HOUR = 60 * 60_000;
const AT = Date.UTC(2026, 2, 4, 5);

const idOf = (n: number) => `20260304t05${String(n).padStart(2, '0')}00z0000`;

/** The nth reading. */
const reading = (n: number): Published => publishedReading(idOf(n), AT + n * HOUR);

/** The nth snapshot, a compaction of what a state stood on. */
const fold = (base: Published, n: number): Published => ({
  ...base,
  snapshotId: idOf(n),
  from: AT + n * HOUR,
  folded: `2026-01-02T03:04:05.678/${String(n).padStart(40, '0')}`,
});

const nothing = unpublished(1);
const [old, young] = [reading(1), reading(5)];
const sameSecond = publishedReading(idOf(1).replace(/0000$/, 'ffff'), AT);
/** Two compactions, one of the other. */
const folded = fold(old, 2);
const again = fold(folded, 3);
const ofNothing = fold(nothing, 2);

type Case = [name: string, current: Published, publication: Publication, problem: PublicationProblem | null];

const by = (by: Publication['by'], next: Published, startedFrom: Published): Publication => ({ next, startedFrom, by });

describe('a reading', () => {
  test.each<Case>([
    ['is published over nothing', nothing, by('reading', old, nothing), null],
    ['is published over what it was begun from', old, by('reading', young, old), null],
    ['is published over a compaction made while it read', folded, by('reading', young, old), null],
    ['is published over two of them, one after the other', again, by('reading', young, old), null],
    [
      'is published over a compaction of the compaction that it was begun from',
      again,
      by('reading', young, folded),
      null,
    ],
    ['is published over a compaction of the changes alone', ofNothing, by('reading', young, nothing), null],
    [
      'is published over one that was begun within the same second, whatever their names end with',
      sameSecond,
      by('reading', old, sameSecond),
      null,
    ],
    ['is not published over another reading', reading(3), by('reading', young, old), 'superseded'],
    ['is not published over a compaction of another', fold(reading(3), 4), by('reading', young, old), 'superseded'],
    ['is not published over a reading, begun from nothing', old, by('reading', young, nothing), 'superseded'],
    [
      'is not published over a compaction of a reading, begun from nothing',
      folded,
      by('reading', young, nothing),
      'superseded',
    ],
    ['is not published over nothing, begun from a reading', nothing, by('reading', young, old), 'superseded'],
    ['is not published over another generation', { ...old, generation: 2 }, by('reading', young, old), 'superseded'],
    [
      'never replaces a younger one, though it was begun from that',
      young,
      by('reading', old, young),
      'younger-reading',
    ],
    ['nor a compaction of a younger one', fold(young, 6), by('reading', old, young), 'younger-reading'],
  ])('%s', (_, current, publication, problem) => {
    expect(publicationProblem(current, publication, 0)).toBe(problem);
  });
});

describe('a compaction', () => {
  test.each<Case>([
    ['is published over what it folded', old, by('compaction', folded, old), null],
    ['is published over the compaction that it folded', folded, by('compaction', again, folded), null],
    ['of the changes alone is published over nothing', nothing, by('compaction', ofNothing, nothing), null],
    [
      'is not published over another compaction of the same reading',
      folded,
      by('compaction', fold(old, 4), old),
      'superseded',
    ],
    ['is not published over the reading that came meanwhile', young, by('compaction', folded, old), 'superseded'],
    [
      'is not published over the reading to which a person went back',
      old,
      by('compaction', again, folded),
      'superseded',
    ],
    ['is not published over the first reading', old, by('compaction', ofNothing, nothing), 'superseded'],
  ])('%s', (_, current, publication, problem) => {
    expect(publicationProblem(current, publication, 0)).toBe(problem);
  });
});

describe('a choice of a person', () => {
  test.each<Case>([
    ['goes back to an older reading', young, by('choice', old, young), null],
    ['goes back to a compaction of an older one', young, by('choice', folded, young), null],
    ['goes back from a compaction to its reading', folded, by('choice', old, folded), null],
    ['goes over a compaction that was published meanwhile', fold(young, 6), by('choice', old, young), null],
    [
      'does not go over another reading that was published meanwhile',
      young,
      by('choice', old, reading(3)),
      'superseded',
    ],
  ])('%s', (_, current, publication, problem) => {
    expect(publicationProblem(current, publication, 0)).toBe(problem);
  });
});

describe('whatever needs rows that the changelog has dropped is not published', () => {
  test.each<[Publication['by'], Published, Published]>([
    ['reading', young, old],
    ['compaction', ofNothing, nothing],
    ['choice', old, young],
  ])('by %s', (of, next, current) => {
    const publication = by(of, next, current);
    const from = next.from ?? 0;

    expect(publicationProblem(current, publication, from)).toBeNull();
    expect(publicationProblem(current, publication, from + 1)).toBe('rows-dropped');
    // Whatever it would be published over.
    expect(publicationProblem(reading(4), publication, from + 1)).toBe('rows-dropped');
  });
});

test('a compaction of a state that lacks rows is not published, though it needs none of them itself', () => {
  const publication = by('compaction', folded, old);
  const from = old.from ?? 0;

  expect(publicationProblem(old, publication, from)).toBeNull();
  expect(publicationProblem(old, publication, from + 1)).toBe('rows-dropped');
});

test('snapshots are of one reading if they go back to the same scan, or both to none', () => {
  expect(isSameReading(again, old)).toBe(true);
  expect(isSameReading(ofNothing, nothing)).toBe(true);
  expect(isSameReading(old, young)).toBe(false);
  expect(isSameReading(old, nothing)).toBe(false);
  expect(isSameReading(old, { ...old, generation: 2 })).toBe(false);
});

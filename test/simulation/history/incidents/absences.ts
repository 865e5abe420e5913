import { type Author, HOUR, type Incident, MINUTE, SECOND } from './author.ts';

/**
 * Readers that are away for more than a day in the middle of their work, so that the stream trims what they had still to
 * read. Nothing else reads meanwhile: otherwise nothing would be lost.
 */
export const ABSENCES: readonly Incident[] = [
  // A replay that is stopped half way and resumed.
  (author) => [
    ...unread(author),
    { wait: 0, do: 'replay stream', ...halfWay(author) },
    ...growing(author),
    ...aDayOn(author),
    { wait: 0, do: 'replay stream' },
    { wait: 0, do: 'await commands' },
    { wait: SECOND, do: 'start tail' },
  ],
  // A search on a laptop that is closed.
  (author) => [
    ...unread(author),
    {
      wait: 0,
      do: 'search gaps',
      fill: author.dice.chance(0.3),
      nap: { after: author.dice.whole(2, 40), ms: author.dice.pick(25, 27) * HOUR },
    },
    ...growing(author),
    ...aDayOn(author),
    { wait: 3 * HOUR, do: 'await commands' },
    { wait: SECOND, do: 'start tail' },
  ],
  // A tail.
  (author) => [
    ...author.writer.burst(3),
    { wait: 0, do: 'fail for', at: 'lambda', fault: 'pause', ms: 32 * HOUR },
    { wait: author.dice.pick(0, SECOND), do: author.dice.pick('stop tail', 'kill tail') },
    ...growing(author),
    ...aDayOn(author),
    { wait: 0, do: 'start tail' },
    ...author.writer.burst(2),
  ],
];

/** Changes that only the stream has. */
function unread({ dice, writer }: Author) {
  return [
    { wait: 0, do: 'fail for', at: 'lambda', fault: 'pause', ms: 32 * HOUR },
    { wait: 0, do: 'stop tail' },
    ...writer.burst(dice.whole(2, 6)),
    { wait: 0, do: 'divide shard', shard: dice.whole(0, 3), into: dice.pick(1, 2) },
    ...writer.burst(dice.whole(2, 6)),
    { wait: 5 * SECOND, do: 'nothing' },
  ] as const;
}

function halfWay({ dice }: Author) {
  return dice.chance(0.5) ? { crashAfter: dice.whole(3, 40) } : { stopAfterMs: dice.whole(5, 400) };
}

/** The stream grows, in the same shards and in others. */
function growing({ dice, writer }: Author) {
  return dice
    .times(dice.whole(0, 2), () => [
      ...writer.burst(dice.whole(1, 3)),
      { wait: dice.pick(SECOND, HOUR), do: 'divide shard', shard: dice.whole(0, 3), into: dice.pick(1, 2) } as const,
      ...writer.burst(dice.whole(0, 2)),
    ])
    .flat();
}

function aDayOn({ dice, writer }: Author) {
  return [
    { wait: dice.pick(0, 4 * HOUR), do: 'nothing' },
    ...writer.burst(dice.whole(0, 2)),
    { wait: 24 * HOUR + dice.pick(3 * MINUTE, HOUR), do: 'nothing' },
    ...writer.burst(dice.whole(0, 2)),
  ] as const;
}

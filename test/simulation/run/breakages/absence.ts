import type { Breakage } from '../breakage.ts';

/** In readers that were away for more than a day: each leaves a promised loss unnamed. */
export const ABSENCE_BREAKAGES: readonly Breakage[] = [
  {
    name: 'tail passes over a trimmed beginning',
    file: 'src/stream/shard-worker.ts',
    find: 'if (lost) onLost(lost);',
    replace: "if (lost && (this.#options.catchUp || lost.start.at !== 'TRIM_HORIZON')) onLost(lost);",
  },
  {
    name: 'replay passes over a trimmed beginning',
    file: 'src/replay/stream-source.ts',
    find: 'onLoss: events.lost }',
    replace:
      "onLoss: (loss: Parameters<typeof events.lost>[0]) => loss.start.at !== 'TRIM_HORIZON' && events.lost(loss) }",
  },
  {
    name: 'replay passes over what followed the last record',
    file: 'src/replay/stream-source.ts',
    find: 'onLoss: events.lost }',
    replace:
      "onLoss: (loss: Parameters<typeof events.lost>[0]) => loss.start.at === 'TRIM_HORIZON' && events.lost(loss) }",
  },
  {
    name: 'gaps passes over what was trimmed',
    file: 'src/replay/gaps.ts',
    find: 'onLoss: events.lost,',
    replace: 'onLoss: () => {},',
  },
  {
    name: 'child shard taken to be as young as its listing',
    file: 'src/stream/shard-life.ts',
    find: 'presentAt: before ?? at',
    replace: 'presentAt: at',
  },
  {
    name: 'trimmed rest of an open shard not asked for',
    file: 'src/stream/shard-worker.ts',
    find: 'const trimmed = this.#reader.takeTrimmed();',
    replace: 'const trimmed = null;',
  },
  {
    name: 'shard that was never begun not promised',
    file: 'src/stream/shard-life.ts',
    find: 'return presentAt !== null && now - presentAt > MARGIN_MS;',
    replace: 'return false;',
  },
  {
    name: 'shard that came and went not named',
    file: 'src/stream/listing.ts',
    find: 'for (const loss of lost.values()) addLoss(checkpoint, loss, describedAt);',
    replace: '',
  },
];

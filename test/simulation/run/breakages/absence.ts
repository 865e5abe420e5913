import type { Breakage } from '../breakage.ts';

/** Of readers that were away for more than a day: a loss that was promised and isn't named. */
export const ABSENCE_BREAKAGES: readonly Breakage[] = [
  {
    name: 'beginning trimmed unread passed over by a tail',
    file: 'src/stream/shard-worker.ts',
    find: 'if (lost) onLost(lost);',
    replace: "if (lost && (this.#options.catchUp || lost.start.at !== 'TRIM_HORIZON')) onLost(lost);",
  },
  {
    name: 'beginning trimmed unread passed over by a replay',
    file: 'src/replay/stream-source.ts',
    find: 'onLoss: events.lost }',
    replace:
      "onLoss: (loss: Parameters<typeof events.lost>[0]) => loss.start.at !== 'TRIM_HORIZON' && events.lost(loss) }",
  },
  {
    name: 'what came behind the last record passed over by a replay',
    file: 'src/replay/stream-source.ts',
    find: 'onLoss: events.lost }',
    replace:
      "onLoss: (loss: Parameters<typeof events.lost>[0]) => loss.start.at === 'TRIM_HORIZON' && events.lost(loss) }",
  },
  {
    name: 'what was trimmed passed over by gaps',
    file: 'src/replay/gaps.ts',
    find: 'onLoss: events.lost,',
    replace: 'onLoss: () => {},',
  },
  {
    name: 'child taken for as young as its listing',
    file: 'src/stream/shard-life.ts',
    find: 'presentAt: before ?? at',
    replace: 'presentAt: at',
  },
  {
    name: 'rest of an open shard trimmed and not asked for',
    file: 'src/stream/shard-worker.ts',
    find: 'const trimmed = this.#reader.takeTrimmed();',
    replace: 'const trimmed = null;',
  },
  {
    name: 'shard that was never begun never promised',
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

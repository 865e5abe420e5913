import type { BackfillManner } from '../world/backfills.ts';
import type { CompactionManner } from '../world/compactions.ts';
import type { MappingOptions } from '../world/event-source-mapping.ts';
import type { CountedFault, EarlyCallEnd, LastingFault } from '../world/faults.ts';
import type { Machine } from '../world/machine-clocks.ts';
import type { Nap } from '../world/process.ts';
import type { ShardPart } from '../world/replay-inputs.ts';
import type { RetentionManner } from '../world/retention.ts';
import type { ScanManner } from '../world/table-client.ts';

/** What happens in a history. It is decided beforehand, so that a part of it can be played again. */
export type Plan = {
  readonly seed: number;
  readonly setting: Setting;
  readonly steps: readonly Step[];
};

export type Setting = {
  /** What reads the stream. */
  readonly readers: 'lambda' | 'tail' | 'both';
  /** By whose clock rows are stamped, and how long they may take from there until they are visible. */
  readonly destination: 'bigquery' | 'duckdb';
  readonly mapping: MappingOptions;
  readonly shardCount: number;
  /** Below which sequence numbers begin, as text. */
  readonly firstNumber: string;
  /** Items that exist before the stream is switched on. */
  readonly itemsBefore: number;
  /** Whether the warehouse compares states. It takes the most time by far, so few histories do. */
  readonly comparesStates: boolean;
  /** Whether the latest view is asked after every step; at rest it always is. */
  readonly asksView: boolean;
  /** The changelog's age when the history begins, and for how long after its creation it drops streamed rows. */
  readonly changelogAgeMs: number;
  readonly forgetsMs: number;
  /** How far the operator's clock is ahead. */
  readonly skewMs: number;
  /** How far the clock of the machine is ahead that has the file. */
  readonly fileSkewMs: number;
  /** How the table is made again at the end; `null` where it stays. */
  readonly remade: Remade | null;
};

/** How a table is deleted and made again under its name. */
export type Remade = {
  /** Whether its stream has the earlier one's label and shard ids, as on some servers. */
  readonly hasSameLabel: boolean;
  /** Whether its description has the time of its creation. */
  readonly isDated: boolean;
  /** How the earlier table's objects go: by `remove`, or by a person's own statements, which leave the snapshots. */
  readonly end: 'removed' | 'dropped by hand';
};

/** One action, and the wait before it in milliseconds. An action that no longer fits the world does nothing. */
export type Step = { readonly wait: number } & Action;

/** How an operator's command ends early: it dies at one of its waits, or Ctrl-C comes after some time. */
export type EarlyEnd = { readonly crashAfter?: number; readonly stopAfterMs?: number };

export type Action =
  // Who writes the table.
  | { readonly do: 'put' | 'put same' | 'put unreadable' | 'remove' | 'expire'; readonly name: string }
  | { readonly do: 'transact'; readonly names: readonly string[] }
  // The stream.
  | { readonly do: 'divide shard'; readonly shard: number; readonly into: 1 | 2 }
  | { readonly do: 'switch stream off' }
  | { readonly do: 'switch stream on'; readonly enablingMs: number; readonly lateMs: number }
  // The destination.
  | { readonly do: 'reject rows' | 'take rows'; readonly name: string }
  // Lambda.
  | { readonly do: 'end calls early'; readonly ends: readonly EarlyCallEnd[] }
  // Faults of any of them.
  | ({ readonly do: 'fail next' } & CountedFault)
  | ({ readonly do: 'fail for' } & LastingFault)
  // Clocks, by so much ahead of what they would be.
  | { readonly do: 'set clock'; readonly of: Machine; readonly ms: number }
  // Commands.
  | ({ readonly do: 'backfill' | 'repair' } & BackfillManner)
  | { readonly do: 'verify'; readonly manner: ScanManner }
  | { readonly do: 'start tail'; readonly crashAfter?: number }
  | { readonly do: 'stop tail' | 'kill tail' }
  | { readonly do: 'replay failures' | 'replay dead letters' | 'replay files' }
  | ({ readonly do: 'replay stream' } & EarlyEnd)
  | ({ readonly do: 'replay shard' } & ShardPart)
  | { readonly do: 'search gaps'; readonly fill: boolean; readonly nap?: Nap }
  | ({ readonly do: 'compact' } & CompactionManner)
  | ({ readonly do: 'retain' } & RetentionManner)
  | { readonly do: 'publish snapshot' | 'drop snapshot'; readonly pick: number }
  | { readonly do: 'roll back' }
  // The watcher.
  | { readonly do: 'await commands' | 'nothing' };

/** The number of writes of a plan. */
export function writesOf({ steps }: Plan): number {
  const writes = steps.map((step) =>
    step.do === 'transact'
      ? step.names.length
      : ['put', 'put unreadable', 'remove', 'expire'].includes(step.do)
        ? 1
        : 0,
  );
  return writes.reduce((sum, count) => sum + count, 0);
}

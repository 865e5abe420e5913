import type { BackfillManner } from '../world/backfills.ts';
import type { MappingOptions } from '../world/event-source-mapping.ts';
import type { CountedFault, EarlyCallEnd, LastingFault } from '../world/faults.ts';
import type { Nap } from '../world/process.ts';
import type { ScanManner } from '../world/table-client.ts';

/** What a history is made of: decided beforehand, so that it can be played again with less of it. */
export type Plan = {
  readonly seed: number;
  readonly setting: Setting;
  readonly steps: readonly Step[];
};

export type Setting = {
  /** What reads the stream. */
  readonly readers: 'lambda' | 'tail' | 'both';
  readonly mapping: MappingOptions;
  readonly shardCount: number;
  /** Below which sequence numbers begin, as text. */
  readonly firstNumber: string;
  /** Items that were there before the stream was switched on. */
  readonly itemsBefore: number;
  /** Whether commands can tell what they change; it isn't asked of all, for it takes the most time by far. */
  readonly comparesStates: boolean;
  /** How long ago the changelog was created when it begins, and for how long from then on it drops streamed rows. */
  readonly changelogAgeMs: number;
  readonly forgetsMs: number;
  /** How far the clock of whoever types commands is ahead. */
  readonly skewMs: number;
  /** How the table is made again behind it all; `null` where it stays. */
  readonly remade: Remade | null;
};

/** A table that is deleted, and made again under its name. */
export type Remade = {
  /** Whether its stream has the label of the earlier one, and shards of the same ids, as some servers name them. */
  readonly hasSameLabel: boolean;
  /** Whether the server says when it was made. */
  readonly isDated: boolean;
  /** How what is kept of the earlier table goes: by `remove`, or by a person's own statements, which leave snapshots. */
  readonly end: 'removed' | 'dropped by hand';
};

/** One decision: so long after the one before, this happens. What doesn't fit any more does nothing. */
export type Step = { readonly wait: number } & Action;

/** How an operator's command ends early: dead at one of its waits, or by Ctrl-C after some time. */
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
  // Commands.
  | ({ readonly do: 'backfill' | 'repair' } & BackfillManner)
  | { readonly do: 'verify'; readonly manner: ScanManner }
  | { readonly do: 'start tail'; readonly crashAfter?: number }
  | { readonly do: 'stop tail' | 'kill tail' }
  | { readonly do: 'replay failures' | 'replay dead letters' | 'replay files' }
  | ({ readonly do: 'replay stream' } & EarlyEnd)
  | { readonly do: 'replay shard'; readonly index: number; readonly part: number }
  | { readonly do: 'search gaps'; readonly fill: boolean; readonly nap?: Nap }
  | { readonly do: 'publish snapshot' | 'drop snapshot'; readonly pick: number }
  | { readonly do: 'roll back' }
  // Whoever watches.
  | { readonly do: 'await commands' | 'nothing' };

/** The writes of a plan: what it changes in the table. */
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

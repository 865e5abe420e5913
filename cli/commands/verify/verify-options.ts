import type { RunVerifyOptions } from '../../../backfill/verify/verify-options.ts';
import { identity } from '../../../src/privacy/transform.ts';
import type { Connection, Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import { VERIFY_LAG } from '../../options/defaults.ts';

/** The options of `tailrace verify`. */
export type VerifyOptions = Invocation & {
  readonly table: string;
  /** `undefined` for the default, or the number that a repair was begun with. */
  readonly segments: number | undefined;
  /** In seconds; `undefined` for what fits the endpoint. */
  readonly maxLag: number | undefined;
  readonly maxReadUnits: number | undefined;
  readonly rate: number | undefined;
  readonly maxFindings: number;
  readonly whole: number;
  /** Percentage of both sides that is compared; `undefined` for all. */
  readonly sample: number | undefined;
  /** Whether the state is made to stand on what was read. */
  readonly repair: boolean;
};

/** The options that every kind of comparison needs. */
export function comparisonOptionsOf(
  { table, maxLag, maxReadUnits, maxFindings, rate, whole }: VerifyOptions,
  { isLocal, tables }: Connection,
  { clock, random, signal }: Pick<Dependencies, 'clock' | 'random' | 'signal'>,
) {
  return {
    table,
    reader: tables,
    random,
    transform: identity,
    clock,
    signal,
    lagMs: (maxLag ?? (isLocal ? VERIFY_LAG.local : VERIFY_LAG.remote)) * 1_000,
    whole,
    maxFindings,
    maxUnits: maxReadUnits,
    unitsPerSecond: rate,
  } satisfies Partial<RunVerifyOptions>;
}

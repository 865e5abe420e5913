import type { VerifyOptions as RunVerifyOptions } from '../../../backfill/verify/verify-options.ts';
import { identity } from '../../../src/privacy/transform.ts';
import type { Connection, Dependencies } from '../../dependencies.ts';
import type { VerifyOptions } from './verify-options.ts';

/** Seconds that a change may take from the table to the view: through Lambda, and through a tail on the same machine. */
export const DEFAULT_LAG = { remote: 30, local: 5 };

/** What a command compares, and how it finds out and bounds what it does: all that a comparison of any kind needs. */
export function inspectionOf(
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
    lagMs: (maxLag ?? (isLocal ? DEFAULT_LAG.local : DEFAULT_LAG.remote)) * 1_000,
    whole,
    maxFindings,
    maxUnits: maxReadUnits,
    unitsPerSecond: rate,
  } satisfies Partial<RunVerifyOptions>;
}

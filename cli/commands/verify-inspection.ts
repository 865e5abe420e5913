import type { InspectionSettings } from '../../backfill/verify-options.ts';
import { identity } from '../../src/privacy/transform.ts';
import type { Dependencies, Source } from '../dependencies.ts';
import type { VerifyOptions } from './verify.ts';

/** Seconds that a change may take from the table to the view: through Lambda, and through a tail on the same machine. */
export const DEFAULT_LAG = { remote: 30, local: 5 };

/** How a command's comparison finds out and bounds what it does, whatever it compares. */
export function inspectionOf(
  { maxLag, maxReadUnits, maxFindings, whole }: VerifyOptions,
  { isLocal }: Source,
  { clock, signal }: Pick<Dependencies, 'clock' | 'signal'>,
): Omit<InspectionSettings, 'reader' | 'destination'> & { readonly maxUnits: number | undefined } {
  return {
    transform: identity,
    clock,
    signal,
    lagMs: (maxLag ?? (isLocal ? DEFAULT_LAG.local : DEFAULT_LAG.remote)) * 1_000,
    whole,
    maxFindings,
    maxUnits: maxReadUnits,
  };
}

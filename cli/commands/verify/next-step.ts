import type { VerifyResult } from '../../../backfill/verify/verify.ts';
import type { VerifyOptions } from './verify-options.ts';

/**
 * The command to run after a comparison that found a difference, as a sentence; `null` if none is left to run here.
 *
 * @param isWhole Whether both sides were compared, not a sample of them.
 */
export function nextStep(options: VerifyOptions, found: VerifyResult, isWhole: boolean): string | null {
  const { table } = options;
  const { verdict, missing, extra, different, unlisted, isOverSnapshot } = found;
  // A key that comes more than once can only be mended in the table, and the report says so.
  if (verdict !== 'differ' || missing + extra + different + unlisted === 0) return null;
  if (!isOverSnapshot) {
    return `No snapshot of ${table} is published: its latest view has the changes of the stream alone. Next: \`tailrace backfill ${table}\`.`;
  }
  const words = ['tailrace verify', table, ...boundsOf(options)];
  return isWhole
    ? `Next: \`${[...words, '--repair'].join(' ')}\` publishes what it reads. If changes were lost, \`tailrace gaps ${table} --fill\` appends them to the changelog.`
    : `Next: \`${words.join(' ')}\` compares everything.`;
}

/** The given options that bound what is read, and how long it waits: the next command must not pass them. */
function boundsOf({ maxLag, maxReadUnits, rate }: VerifyOptions): string[] {
  const given = { '--max-lag': maxLag, '--max-read-units': maxReadUnits, '--rate': rate };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
}

import type { BackfillResult } from '../../../backfill/backfill.ts';
import { MAX_PAGE_UNITS } from '../../../backfill/cost/request-cost.ts';
import { count, counted, dollars, duration } from '../../terminal/format.ts';
import type { JsonObject } from '../../terminal/output.ts';
import { differenceLine, repeatedKeysLine } from '../../terminal/scan-report.ts';

/** The options of a backfill that its result shows. */
export type BackfillTerms = {
  readonly table: string;
  readonly destination: string;
  /** Where the items that were set aside are; `null` if there are none. */
  readonly deadLetters: string | null;
  readonly maxUnits: number | undefined;
  /** What a read unit costs, in US dollars; `null` where that isn't known. */
  readonly unitDollars: number | null;
};

/** The closing line for a script. */
export function backfillSummary(terms: BackfillTerms, found: BackfillResult): JsonObject {
  return {
    event: 'done',
    table: terms.table,
    destination: terms.destination,
    snapshot_id: found.snapshotId,
    published: found.isPublished,
    replaced_snapshot_id: found.replaced,
    difference: found.difference,
    resumed: found.isResumed,
    capped: found.isCapped,
    items: found.items,
    repeated: found.repeated,
    set_aside: found.setAside,
    dead_letters: terms.deadLetters,
    read_units: found.units,
    read_dollars: costOf(terms, found),
    duration_ms: Math.round(found.durationMs),
  };
}

/** The result for a person, line by line. */
export function backfillLines(terms: BackfillTerms, found: BackfillResult): readonly string[] {
  const { table, maxUnits = 0, deadLetters } = terms;
  const { items, units, durationMs, snapshotId, replaced, setAside, isPublished, difference } = found;
  const cost = costOf(terms, found);
  const paid = cost === null || cost === 0 ? '' : `, ${dollars(cost)}`;
  const where = isPublished ? 'latest view' : 'snapshot';
  return [
    `${counted(items, 'item')} of ${table} in ${duration(durationMs)}, ${counted(units, 'read unit')}${paid}.`,
    found.isCapped
      ? `Stopped: a page takes up to ${MAX_PAGE_UNITS} read units, and the next one could pass the cap of ${count(maxUnits)}.`
      : isPublished
        ? `Published: ${snapshotId}${replaced === null ? '' : `, in place of ${replaced}`}.`
        : `Not published: ${snapshotId}. Publish it: \`tailrace snapshots publish ${table} ${snapshotId}\`.`,
    ...(difference === null ? [] : [differenceLine(difference)]),
    ...(found.repeated === 0
      ? []
      : [`${repeatedKeysLine(table, found.repeated)} Which: \`tailrace verify ${table}\`.`]),
    ...(deadLetters === null ? [] : [`${count(setAside)} set aside, missing from the ${where}: ${deadLetters}`]),
  ];
}

function costOf({ unitDollars }: BackfillTerms, { units }: BackfillResult): number | null {
  return unitDollars === null ? null : unitDollars * units;
}

/**
 * Names the checkpoint of a backfill, and what resumes it.
 *
 * @param alternative What else is possible, as a clause of its own.
 * @param what What resumes it.
 */
export function resumeHint(checkpoint: string, alternative: string, what = 'the same command'): string {
  return `What was read is saved (${checkpoint}): ${what} resumes it${alternative}.`;
}

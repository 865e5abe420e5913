import type { Breakage } from '../breakage.ts';

/** In backfills, their cost, and the snapshots that people choose. */
export const SNAPSHOT_BREAKAGES: readonly Breakage[] = [
  {
    name: 'published without a comparison',
    file: 'src/destination/published-conflict.ts',
    find: 'switch (publicationProblem(current, publication, keptSince)) {',
    replace: 'switch (null as ReturnType<typeof publicationProblem>) {',
  },
  {
    name: 'stream not described again before publishing',
    file: 'backfill/backfill.ts',
    find: 'await assertSameStream({ ...description, stream }, reader, streams);',
    replace: '',
  },
  {
    name: 'young stream not waited for',
    file: 'backfill/stream-readiness.ts',
    find: 'if (minStreamAgeMs <= 0) return;',
    replace: 'return;',
  },
  {
    name: 'empty scan page taken for the end',
    file: 'backfill/scan/scan.ts',
    find: 'startKey = page.lastKey;',
    replace: 'startKey = page.items.length === 0 ? null : page.lastKey;',
  },
  {
    name: 'verify without a recheck',
    file: 'backfill/verify/verdict.ts',
    find: "if (next.at - since >= this.#lagMs && observations >= MIN_STILL_OBSERVATIONS) return 'differs';",
    replace: "if (next.at >= 0) return 'differs';",
  },
  {
    name: 'repair drops its snapshot',
    file: 'backfill/verify/repair.ts',
    find: "if (foundIn(found) > 0) return 'publish';",
    replace: "if (foundIn(found) > 0) return 'drop';",
  },
  {
    name: 'repair compares with what an earlier run read',
    file: 'backfill/verify/repair.ts',
    find: 'if (!isResumed) {',
    replace: 'if (true) {',
  },
  {
    name: 'rollback to the oldest',
    file: 'src/snapshot/history.ts',
    find: 'compareText(readingNameOf(a), readingNameOf(b)) ||',
    replace: 'compareText(readingNameOf(b), readingNameOf(a)) ||',
  },
  {
    name: 'half a snapshot published at its cap',
    file: 'backfill/scan-into.ts',
    find: 'units: budget.used, isCapped: true',
    replace: 'units: budget.used, isCapped: false',
  },
  {
    name: 'cap ignores what a page may cost',
    file: 'backfill/cost/request-cost.ts',
    find: 'MAX_PAGE_UNITS = (1024 + 400) / 8',
    replace: 'MAX_PAGE_UNITS = 0.5',
  },
  {
    name: 'cap forgotten by the next run',
    file: 'backfill/backfill-job.ts',
    find: 'basis, snapshot, segments, units, isResumed: true',
    replace: 'basis, snapshot, segments, units: 0, isResumed: true',
  },
  {
    name: 'units not claimed before a page',
    file: 'backfill/scan-into.ts',
    find: 'units: budget.claimed',
    replace: 'units: budget.used',
  },
];

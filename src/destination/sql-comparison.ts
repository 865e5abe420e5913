import type { ObjectNames } from '../names/object-names.ts';
import { type ComparedSource, comparisonCounts, comparisonFindings, comparisonSample } from '../views/comparison.ts';
import type { Dialect } from '../views/dialect.ts';
import type { Comparison, Finding } from './comparer.ts';
import { number, type SqlRow, text } from './sql-row.ts';

export type SqlComparisonOptions = {
  readonly dialect: Dialect;
  readonly names: ObjectNames;
  readonly source: ComparedSource;
  /** Decides which keys a sample takes. */
  readonly salt: string;
  /** Runs a SELECT. */
  readonly rows: (sql: string) => Promise<readonly SqlRow[]>;
};

/** A comparison by SQL, of a table that is there: each question is one statement. */
export function sqlComparison({ dialect, names, source, salt, rows }: SqlComparisonOptions): Comparison {
  return {
    async counts(scope) {
      const [row = {}] = await rows(comparisonCounts(dialect, names, source, scope));
      return { source: number(row, 'source'), latest: number(row, 'latest'), differing: number(row, 'differing') };
    },
    async findings(scope, limit, after) {
      return (await rows(comparisonFindings(dialect, names, source, { scope, limit, after }))).map(finding);
    },
    async sampleAgreeing(count) {
      if (count === 0) return [];
      return (await rows(comparisonSample(dialect, names, source, { limit: count, salt }))).map((row) =>
        text(row, 'key'),
      );
    },
  };
}

function finding(row: SqlRow): Finding {
  const word = text(row, 'finding');
  return { key: text(row, 'key'), finding: word === 'missing' || word === 'extra' ? word : 'different' };
}

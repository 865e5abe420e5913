import type { ObjectNames } from '../names/object-names.ts';
import type { Published } from '../snapshot/published.ts';
import { type ComparedSource, comparisonCounts, comparisonFindings, comparisonSample } from '../views/comparison.ts';
import type { Dialect } from '../views/dialect.ts';
import type { KeyCondition } from '../views/key-condition.ts';
import type { Comparison, ComparisonCounts, Finding } from './comparer.ts';
import { number, type SqlRow, text } from './sql-row.ts';

export type SqlComparisonOptions = {
  readonly dialect: Dialect;
  readonly names: ObjectNames;
  readonly source: ComparedSource;
  /** Decides which keys a sample takes. */
  readonly salt: string;
  /** Runs a SELECT. */
  readonly rows: (sql: string) => Promise<readonly SqlRow[]>;
  /** Parts of the keys, compared one after the other, in random order, over one state. Each key is in one of them. */
  readonly parts?: () => Promise<KeyParts>;
};

/** Parts of the keys, and the state that they are compared with; without one, the latest view is. */
export type KeyParts = {
  readonly parts: readonly (KeyCondition | undefined)[];
  readonly published?: Published | undefined;
};

/** All keys at once. */
const WHOLE: KeyParts = { parts: [undefined] };

/** A comparison by SQL, of a table that is there: each question is one statement for each part of the keys. */
export function sqlComparison(options: SqlComparisonOptions): Comparison {
  const { dialect, names, source, salt, rows, parts = async () => WHOLE } = options;
  return {
    async counts(scope) {
      let sum: ComparisonCounts = { source: 0, latest: 0, differing: 0 };
      const { parts: all, published } = await parts();
      for (const among of all) {
        const [row = {}] = await rows(comparisonCounts(dialect, names, { ...source, among, published }, scope));
        sum = {
          source: sum.source + number(row, 'source'),
          latest: sum.latest + number(row, 'latest'),
          differing: sum.differing + number(row, 'differing'),
        };
      }
      return sum;
    },
    async findings(scope, limit, after) {
      let first: readonly Finding[] = [];
      const { parts: all, published } = await parts();
      for (const among of all) {
        const compared = { ...source, among, published };
        const page = await rows(comparisonFindings(dialect, names, compared, { scope, limit, after }));
        first = first.length === 0 ? page.map(finding) : [...first, ...page.map(finding)].sort(byKey).slice(0, limit);
      }
      return first;
    },
    async sampleAgreeing(count) {
      const keys: string[] = [];
      const { parts: all, published } = count === 0 ? { parts: [] } : await parts();
      for (const among of all) {
        const limit = count - keys.length;
        if (limit === 0) break;
        const compared = { ...source, among, published };
        const page = await rows(comparisonSample(dialect, names, compared, { limit, salt }));
        keys.push(...page.map((row) => text(row, 'key')));
      }
      return keys;
    },
  };
}

function finding(row: SqlRow): Finding {
  const word = text(row, 'finding');
  return { key: text(row, 'key'), finding: word === 'missing' || word === 'extra' ? word : 'different' };
}

/** As warehouses order text: by the bytes of its UTF-8. */
function byKey(a: Finding, b: Finding): number {
  return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { declaredViews } from '../../../src/schema/declared-views.ts';
import { printJson } from '../../../src/schema/infer/print-json.ts';
import { readSchema } from '../../../src/schema/read-schema.ts';
import { canonicalJson } from '../../../src/value/canonical-json.ts';
import { duckdb } from '../../../src/views/duckdb.ts';
import { matchCount } from '../../../src/views/match-count.ts';
import { misfitColumns, misfitCount } from '../../../src/views/misfits.ts';
import { askLatest, NAMES } from '../../support/duckdb/latest.ts';
import { attributeName, decimal, plainNumber, text } from '../../support/values/arbitraries.ts';
import { proposalOfAttributes } from '../../support/values/proposals.ts';
import { RUNS } from '../../support/vitest/budget.ts';

/** Each run makes a database. */
const FEWER_RUNS = { numRuns: Math.ceil(RUNS.numRuns / 2) };

type Attribute = Readonly<Record<string, unknown>>;

const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
const date = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .map((parts) => parts.map((part, index) => String(part).padStart(index === 0 ? 4 : 2, '0')).join('-'));
const fraction = fc.option(
  fc.integer({ min: 1, max: 9 }).chain((digits) => fc.constant(`.${'123456789'.slice(0, digits)}`)),
  { nil: '' },
);
const time = fc.tuple(two(23), two(59), two(59), fraction).map(([h, m, s, f]) => `${h}:${m}:${s}${f}`);
const zone = fc.constantFrom('', 'Z', ' UTC', '+01:00', '-14:00', '+14:30');
const moment = fc
  .tuple(date, fc.constantFrom('T', ' '), time, zone)
  .map(([day, separator, clock, offset]) => day + separator + clock + offset);
const epoch = fc.integer({ min: 946_684_800, max: 4_102_444_799 });

/** Texts of a form that a rule looks at, beside any other. */
const formed = fc.oneof(
  date,
  time,
  moment,
  epoch.map(String),
  text,
  decimal.map(plainNumber),
  fc.constantFrom(
    '',
    '007',
    '1e3',
    '{"a":1.50,"b":[1,2]}',
    '{"a":1e3}',
    '[{"x":1}]',
    '{',
    'A#1',
    'A#2',
    'A#1#2',
    'true',
  ),
);

/** Values of one sort in all items, most of the time: then the rule of that sort decides. */
const sort: fc.Arbitrary<fc.Arbitrary<Attribute>> = fc.constantFrom<fc.Arbitrary<Attribute>>(
  date.map((S) => ({ S })),
  time.map((S) => ({ S })),
  moment.map((S) => ({ S })),
  fc.tuple(date, time).map(([day, clock]) => ({ S: `${day}T${clock}Z` })),
  fc.tuple(date, time).map(([day, clock]) => ({ S: `${day} ${clock}` })),
  epoch.map((N) => ({ N: String(N) })),
  epoch.map((n) => ({ N: `${n}.5` })),
  epoch.map((n) => ({ S: `${n}000` })),
  decimal.map((number) => ({ N: plainNumber(number) })),
  fc.integer().map((n) => ({ N: String(n) })),
  formed.map((S) => ({ S })),
  fc.boolean().map((BOOL) => ({ BOOL })),
  fc.constant({ NULL: true }),
  fc.array(formed.map((S) => ({ S }))).map((L) => ({ L })),
  fc.array(date.map((S) => ({ S }))).map((L) => ({ L })),
  fc
    .array(
      fc.record({ M: fc.record({ sku: formed.map((S) => ({ S })), n: fc.integer().map((n) => ({ N: String(n) })) }) }),
    )
    .map((L) => ({ L })),
  fc.record({ M: fc.record({ at: epoch.map((N) => ({ N: String(N) })), 'x.y': formed.map((S) => ({ S })) }) }),
  fc
    .tuple(fc.integer(), fc.array(text, { maxLength: 3 }))
    .map(([a, tags]) => ({ S: JSON.stringify({ a, tags, at: { b: a / 7 } }) })),
  fc.constantFrom('x', 'y').map((part) => ({ S: `DEVICE#2026-01-02#${part}` })),
);

const items = fc
  .uniqueArray(
    fc.oneof(
      attributeName.filter((name) => !name.includes('\0')),
      fc.constantFrom('createdAt', 'ttl', 'PK', 'type', 'position'),
    ),
    {
      maxLength: 5,
    },
  )
  .chain((names) =>
    fc.tuple(...names.map((name) => sort.map((value) => [name, value] as const))).chain((columns) => {
      const item = fc.record(Object.fromEntries(columns.map(([name, value]) => [name, value])), { requiredKeys: [] });
      const kinds = fc.constantFrom(
        {},
        { PK: { S: 'USER#1' }, SK: { S: 'PROFILE' }, only1: { S: 'x' }, more1: { S: 'x' } },
        { PK: { S: 'USER#1' }, SK: { S: 'ORDER#1' }, only2: { N: '1' }, more2: { N: '1' } },
      );
      return fc.array(
        fc.tuple(item, kinds).map(([one, kind]) => ({ ...one, ...kind })),
        { minLength: 1, maxLength: 8 },
      );
    }),
  );

test('every proposal is a schema file whose views every sampled item fits, each in one kind at most', async () => {
  await fc.assert(
    fc.asyncProperty(items, async (some) => {
      const proposal = proposalOfAttributes(some);
      const schema = readSchema(printJson(proposal), 'Orders.json', 'Orders');
      const views = declaredViews(schema, 'Orders', []);
      const texts = some.map((item) => canonicalJson(item, 'Item'));

      for (const view of views) {
        const counts = view.columns.map((_, index) => `"${misfitColumns(index).misfits}"`).join(', ');
        const [row = []] = await askLatest(texts, `SELECT ${counts} FROM (${misfitCount(duckdb, NAMES, view, 1)})`);
        const misfits = view.columns.filter((_, index) => row[index] !== '0');
        expect({ view: view.name, misfits, proposal: misfits.length > 0 && proposal }).toEqual({
          view: view.name,
          misfits: [],
          proposal: false,
        });
      }
      const ofItems = views.filter(({ unnest, where }) => !unnest && where !== undefined);
      if (ofItems.length > 0) {
        const [row] = await askLatest(texts, `SELECT "repeated" FROM (${matchCount(duckdb, NAMES, ofItems)})`);
        expect(row).toEqual(['0']);
      }
    }),
    FEWER_RUNS,
  );
});

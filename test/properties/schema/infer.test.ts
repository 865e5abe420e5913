import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collisionsOf, problemOfName } from '../../../src/schema/column-name.ts';
import { printJson } from '../../../src/schema/infer/print-json.ts';
import type { ProposedSchema } from '../../../src/schema/infer/proposal.ts';
import { item, plainNumber, type Spelling, spellItem } from '../../support/values/arbitraries.ts';
import { PLANTED, showsPlanted } from '../../support/values/planted-values.ts';
import { proposalOfAttributes, proposalOfJson } from '../../support/values/proposals.ts';

const SPELLING: Spelling = {
  number: plainNumber,
  binary: (bytes) => Buffer.from(bytes).toString('base64'),
  order: (members) => members,
};

const items = fc.array(
  item.map((value) => spellItem(value, SPELLING)),
  { maxLength: 8 },
);

/** Items of several kinds, with a value of somebody's in each form. */
const planted = fc.array(
  fc.record({
    PK: fc.constantFrom('USER#', 'ORDER#', 'x').map((prefix) => ({ S: `${prefix}${PLANTED.text}` })),
    type: fc.constantFrom({ S: 'user' }, { S: 'order' }, { N: PLANTED.number }),
    [`only`]: fc.constantFrom({ S: PLANTED.text }, { M: { a: { S: PLANTED.text }, b: { N: PLANTED.number } } }),
    list: fc.constantFrom(
      { L: [{ M: { a: { S: PLANTED.text } } }] },
      { SS: [PLANTED.text] },
      { B: PLANTED.binary },
      { S: JSON.stringify({ inside: PLANTED.text }) },
    ),
  }),
  { minLength: 1, maxLength: 12 },
);

const allColumns = ({ columns, views = [] }: ProposedSchema) => [columns, ...views.map((view) => view.columns)];

test('any items give a valid proposal: legal names without collisions, and JSON', () => {
  fc.assert(
    fc.property(items, (some) => {
      const proposal = proposalOfAttributes(some);

      for (const columns of allColumns(proposal)) {
        const names = columns.map(({ name }) => name);
        expect(names.flatMap((name) => problemOfName(name) ?? [])).toEqual([]);
        expect(collisionsOf(names)).toEqual([]);
      }
      expect(collisionsOf((proposal.views ?? []).map(({ name }) => name))).toEqual([]);
      expect(JSON.parse(printJson(proposal))).toEqual(proposal);
    }),
  );
});

test('the same items give the same proposal, in any order, from a table and from a destination', () => {
  const shuffled = items.chain((some) =>
    fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
  );
  fc.assert(
    fc.property(shuffled, ([some, others]) => {
      const text = printJson(proposalOfAttributes(some));

      expect(printJson(proposalOfAttributes(others))).toBe(text);
      expect(printJson(proposalOfJson(some))).toBe(text);
    }),
  );
});

test('no value of an item is in a proposal', () => {
  fc.assert(
    fc.property(planted, (some) => {
      expect(showsPlanted(printJson(proposalOfAttributes(some)))).toBe(false);
    }),
  );
});

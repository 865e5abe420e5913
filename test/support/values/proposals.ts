import { marshall } from '@aws-sdk/util-dynamodb';
import { ItemFacts } from '../../../src/schema/infer/item-facts.ts';
import type { ProposedColumn, ProposedSchema } from '../../../src/schema/infer/proposal.ts';
import { proposeSchema } from '../../../src/schema/infer/propose.ts';
import type { Path } from '../../../src/schema/path.ts';
import { canonicalJson } from '../../../src/value/canonical-json.ts';

/** An item in JavaScript's values; sets are sets. */
export type PlainItem = Readonly<Record<string, unknown>>;

/** What is proposed for these items: as a table has them. */
export function proposalOf(
  items: readonly PlainItem[],
  keys: readonly string[] = [],
  ignored: readonly Path[] = [],
): ProposedSchema {
  return proposalOfAttributes(
    items.map((item) => marshall(item)),
    keys,
    ignored,
  );
}

/** As {@link proposalOf}, for items in DynamoDB's own form. */
export function proposalOfAttributes(
  items: readonly Readonly<Record<string, unknown>>[],
  keys: readonly string[] = [],
  ignored: readonly Path[] = [],
): ProposedSchema {
  const facts = new ItemFacts(keys);
  for (const item of items) facts.addAttributes(item);
  return proposeSchema('Orders', facts, { ignored });
}

/** As {@link proposalOf}, for the JSON that a destination has of the items. */
export function proposalOfJson(
  items: readonly Readonly<Record<string, unknown>>[],
  keys: readonly string[] = [],
): ProposedSchema {
  const facts = new ItemFacts(keys);
  for (const item of items) facts.addJson(JSON.parse(canonicalJson(item, 'Item')) as Record<string, unknown>);
  return proposeSchema('Orders', facts);
}

/** The column for an attribute with these values, one item each. */
export function columnOf(values: readonly unknown[], name = 'a'): ProposedColumn {
  const [column] = proposalOf(values.map((value) => ({ [name]: value }))).columns;
  if (column === undefined) throw new Error('No column is proposed');
  return column;
}

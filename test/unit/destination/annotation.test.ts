import { describe, expect, test } from 'vitest';
import { type Annotation, readAnnotation, writeAnnotation } from '../../../src/destination/annotation.ts';
import { publishedOver } from '../../../src/snapshot/ledger.ts';
import { unpublished } from '../../../src/snapshot/published.ts';
import { ORDERS } from '../../support/stream/record.ts';
import { STORAGE } from '../../support/values/shop.ts';
import { factsOf } from '../../support/values/snapshot-facts.ts';

const ANNOTATIONS: readonly Annotation[] = [
  { of: 'changelog', source: ORDERS, seen: null, changelog: STORAGE },
  {
    of: 'changelog',
    source: { ...ORDERS, tableId: 'b6f3' },
    seen: { createdAt: 1_767_323_045_678, streams: ['a', 'b'] },
    changelog: { partition: 'hour', historyDays: 1, keptSince: 1_767_323_045_678 },
  },
  { of: 'changelog', source: ORDERS, seen: { createdAt: null, streams: [] }, changelog: STORAGE },
  // In the form of another version.
  { of: 'changelog', source: ORDERS, seen: null, changelog: null },
  { of: 'state', published: unpublished(1), columns: [] },
  {
    of: 'state',
    published: publishedOver(factsOf({ streamLabel: 'a"\\b', folded: 'a/1', generation: 3 })),
    columns: [{ name: 'total_1a2b3c4d', type: 'NUMERIC', path: ['lines', 0, 'it\'s "é"'], cluster: true }],
  },
  { of: 'latest', tableName: 'Orders' },
  { of: 'load', tableName: 'Orders' },
  { of: 'snapshot', tableName: 'Orders', facts: null },
  { of: 'snapshot', tableName: 'Orders', facts: { ...factsOf({ floor: null, streamArn: null }), itemCount: 3 } },
  { of: 'ledger' },
  { of: 'ledger', isOther: true },
  { of: 'comparison', tableName: 'Orders', createdAt: 1_767_323_045_678 },
];

describe('an annotation', () => {
  test.for(ANNOTATIONS)('is read back as it was written: %j', (annotation) => {
    expect(readAnnotation(writeAnnotation(annotation))).toEqual(annotation);
  });

  test.for(ANNOTATIONS)('begins with a sentence for people: %j', (annotation) => {
    expect(writeAnnotation(annotation)).toMatch(/^[A-Z][^\n{]+\.\n\{/);
  });

  test.for([
    null,
    '',
    'Orders of the shop',
    '{}',
    'null',
    '[1]',
    '{"tailrace":"other"}',
    '{"tailrace":"changelog","table_name":"Orders"}',
    '{"tailrace":"state","snapshot_id":null,"floor":"yesterday","stream_label":null,"from":null,"reading":null,"folded":null,"generation":1}',
    '{"tailrace":"state","snapshot_id":null,"floor":null,"stream_label":null,"from":null,"reading":null,"folded":null,"generation":"1"}',
    '{"tailrace":"comparison","created_at":null}',
    '{"tailrace":"ledger"',
  ])("isn't seen in a comment of someone else's: %j", (comment) => {
    expect(readAnnotation(comment)).toBeUndefined();
  });
});

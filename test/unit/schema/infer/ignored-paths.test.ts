import { describe, expect, test } from 'vitest';
import type { Path } from '../../../../src/schema/path.ts';
import { type PlainItem, proposalOf } from '../../../support/values/proposals.ts';

const ITEM: PlainItem = {
  id: 'a',
  address: { city: 'Kiel', geo: { lat: 54.3, lon: 10.1 } },
  lines: [{ sku: 'tea', secret: 'x' }],
  payload: '{"a":1,"b":[{"c":2}]}',
};

/** What is proposed but for what is ignored: names of columns, and of the columns of each view. */
function names(...ignored: Path[]) {
  const { columns, views = [] } = proposalOf([ITEM], [], ignored);
  return {
    columns: columns.map(({ name }) => name),
    views: Object.fromEntries(views.map((view) => [view.name, view.columns.map(({ name }) => name)])),
  };
}

describe('what is ignored is not proposed', () => {
  const columns = ['address_city', 'address_geo_lat', 'address_geo_lon', 'id', 'payload_a'];
  const views = { Orders__lines: ['secret', 'sku'], Orders__payload_b: ['c'] };

  test.each<[string, Path, ReturnType<typeof names>]>([
    ['an attribute', ['id'], { columns: columns.filter((name) => name !== 'id'), views }],
    ['a map and all below it', ['address'], { columns: ['id', 'payload_a'], views }],
    ['a map within a map', ['address', 'geo'], { columns: ['address_city', 'id', 'payload_a'], views }],
    ['a member', ['address', 'geo', 'lat'], { columns: columns.filter((name) => name !== 'address_geo_lat'), views }],
    ['a list, which has no view', ['lines'], { columns, views: { Orders__payload_b: ['c'] } }],
    ['the elements of a list', ['lines', { each: true }], { columns, views: { Orders__payload_b: ['c'] } }],
    [
      'a member of elements',
      ['lines', { each: true }, 'secret'],
      { columns, views: { ...views, Orders__lines: ['sku'] } },
    ],
    [
      'a member of an element by its index',
      ['lines', 0, 'secret'],
      { columns, views: { ...views, Orders__lines: ['sku'] } },
    ],
    [
      'a text, and the JSON within it',
      ['payload'],
      { columns: columns.slice(0, 4), views: { Orders__lines: ['secret', 'sku'] } },
    ],
    [
      'a part of JSON within text',
      ['payload', { json: true }, 'b'],
      { columns, views: { Orders__lines: ['secret', 'sku'] } },
    ],
    ['nothing that only begins alike', ['add'], { columns, views }],
  ])('%s', (_, path, expected) => {
    expect(names(path)).toEqual(expected);
  });
});

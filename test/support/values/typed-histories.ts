import fc from 'fast-check';
import { COLUMN_TYPES, type SchemaType } from '../../../src/schema/column-type.ts';
import { declaredViews } from '../../../src/schema/declared-views.ts';
import { readSchema } from '../../../src/schema/read-schema.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import { PART_CASES } from './part-cases.ts';
import { TIME_CASES } from './time-cases.ts';
import { TYPED_CASES } from './typed-cases.ts';

const TYPES = Object.keys(COLUMN_TYPES) as SchemaType[];
const CASES = [...TIME_CASES, ...PART_CASES];
const EACH = { each: true };

const plain = fc.constantFrom(...TYPED_CASES.map(({ json }) => json));
const special = fc.constantFrom(...CASES.flatMap(({ values }) => values.map(([json]) => json)));
const element = fc.oneof(
  plain,
  fc.tuple(plain, plain).map(([sku, n]) => `{"sku":${sku},"n":${n}}`),
);
const lines = fc.oneof(
  { weight: 4, arbitrary: fc.array(element, { maxLength: 3 }).map((elements) => `[${elements.join(',')}]`) },
  { weight: 1, arbitrary: plain },
);

/** An item with values that fit some types and forms, and some that fit none; and mostly with a list. */
export const anyValues = fc
  .tuple(plain, plain, special, lines)
  .map(([one, two, v, list]) => `{"lines":${list},"one":${one},"two":${two},"v":${v}}`);

/** Few types each, so that a column often has the type of an earlier one, and another path. */
export const fewTypes = fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 2 });

/** A schema: columns of these types and any path, and of any form, of few names, so that definitions change. */
export const anyViews = (types: readonly SchemaType[]): fc.Arbitrary<readonly TypedView[]> =>
  fc.record({ columns: columns(types), views: fc.tuple(kind(types), elements(types)) }).map(({ columns, views }) => {
    const schema = { columns, views: views.filter((view) => view !== null) };
    return declaredViews(readSchema(JSON.stringify(schema), 'schemas/Orders.json'), 'Orders', [
      { name: 'one', type: 'N' },
    ]);
  });

const columns = (types: readonly SchemaType[]) =>
  fc.uniqueArray(
    fc.oneof(
      { weight: 2, arbitrary: ofTypes(types, [['one'], ['two'], ['two', 'x'], ['three']]) },
      {
        weight: 1,
        arbitrary: fc.tuple(anyName, fc.constantFrom(...CASES)).map(([name, { column }]) => formOf(name, column)),
      },
    ),
    { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
  );

const anyName = fc.constantFrom('a', 'b', 'c', 'd');

const ofTypes = (types: readonly SchemaType[], paths: readonly (readonly unknown[])[]) =>
  fc.record({ name: anyName, type: fc.constantFrom(...types), path: fc.constantFrom(...paths) });

/** The column of a case as a schema file declares it. */
function formOf(name: string, { description, ...column }: (typeof CASES)[number]['column']) {
  return { ...column, name };
}

/** A view of the items for which a condition holds. */
const kind = (types: readonly SchemaType[]) =>
  fc.option(
    fc.record({
      name: fc.constant('kind'),
      where: fc.constantFrom(
        { path: 'one', prefix: '1' },
        { path: 'two', equals: 0 },
        { path: 'v', exists: false },
        { path: ['v', { json: true }], exists: true },
      ),
      columns: columns(types),
    }),
    { nil: null },
  );

/** A view of the elements of the list. */
const elements = (types: readonly SchemaType[]) =>
  fc.option(
    fc.record({
      name: fc.constant('elements'),
      unnest: fc.constant('lines'),
      columns: fc.uniqueArray(
        ofTypes(types, [['lines', EACH], ['lines', EACH, 'sku'], ['lines', EACH, 'n'], ['two']]),
        {
          selector: ({ name }) => name,
          minLength: 1,
          maxLength: 3,
        },
      ),
    }),
    { nil: null },
  );

import fc from 'fast-check';
import { COLUMN_TYPES, type SchemaType } from '../../../src/schema/column-type.ts';
import { readSchema } from '../../../src/schema/read-schema.ts';
import { TYPED_CASES } from './typed-cases.ts';

const TYPES = Object.keys(COLUMN_TYPES) as SchemaType[];

/** An item with values that fit some types, and some that fit none. */
export const anyValues = fc
  .array(fc.constantFrom(...TYPED_CASES.map(({ json }) => json)), { minLength: 2, maxLength: 2 })
  .map(([one, two]) => `{"one":${one},"two":${two}}`);

/** Few types each, so that a column often has the type of an earlier one, and another path. */
export const fewTypes = fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 2 });

/** A schema of the typed view: columns of these types and any path, of few names, so that definitions change. */
export const anySchema = (types: readonly SchemaType[]) =>
  fc
    .uniqueArray(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c', 'd'),
        type: fc.constantFrom(...types),
        path: fc.constantFrom(['one'], ['two'], ['two', 'x'], ['three']),
      }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
    )
    .map((columns) => readSchema(JSON.stringify({ columns }), '').columns);

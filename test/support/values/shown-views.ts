import { COLUMN_TYPES, type SchemaType } from '../../../src/schema/column-type.ts';
import type { SchemaColumn } from '../../../src/schema/schema.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';

/** A column of a schema, of the attribute of its name. */
export function schemaColumn(name: string, type: SchemaType, more: Partial<SchemaColumn> = {}): SchemaColumn {
  return { name, type, description: null, path: [name], cluster: false, ...more };
}

/** Orders, as a shop declares them. */
export const ORDERS_VIEW: TypedView = {
  name: 'orders',
  columns: [
    schemaColumn('order_id', 'STRING', { description: 'Number of the order.' }),
    schemaColumn('customerId', 'INT64'),
    schemaColumn('total', 'NUMERIC', { description: 'In EUR, with VAT.' }),
    schemaColumn('paid', 'BOOL'),
    schemaColumn('created_at', 'TIMESTAMP'),
    schemaColumn('tags', 'STRING', { mode: 'REPEATED' }),
    schemaColumn('lines', 'JSON'),
  ],
};

/** Every type that a column can have, once alone and once as a list; a row is an element of a list. */
export const EVERY_TYPE: TypedView = {
  name: 'every_type',
  unnest: ['lines'],
  columns: (Object.keys(COLUMN_TYPES) as SchemaType[]).flatMap((type) => [
    schemaColumn(`a_${type.toLowerCase()}`, type),
    ...(type === 'JSON' ? [] : [schemaColumn(`some_${type.toLowerCase()}`, type, { mode: 'REPEATED' })]),
  ]),
};

/** Names and descriptions that no form of text takes as they are. */
export const HOSTILE_VIEW: TypedView = {
  name: 'a]b\'c"d & <e> 🚚',
  columns: [
    ']',
    '[a].[b]',
    `"'&<>`,
    '🚚 Lieferung',
    'tab\there',
    'two\nlines\r',
    'null\u0000 and \u0001 and \uffff',
    'half \ud83d',
    '__',
    'amount',
    'Amount_',
    ': # - {x: [y]}, *z & !t | > %',
    'true',
  ].map((text) => schemaColumn(text, 'STRING', { description: `${text} ]]> &amp; <!-- ${text}` })),
};

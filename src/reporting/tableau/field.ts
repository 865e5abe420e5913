import { ownColumns, type ShownColumn, shownColumns, type TypedView } from '../../schema/typed-view.ts';
import { wordsOf } from './caption.ts';
import type { TableauConnection } from './connection.ts';

/**
 * What Tableau makes of a column: a dimension groups rows, a measure is added up over them.
 *
 * Tableau has no decimals: `real` is a double, for NUMERIC too.
 * Source: `DataType-ST` in <https://github.com/tableau/tableau-document-schemas>
 */
export type Field = {
  readonly datatype: 'string' | 'integer' | 'real' | 'boolean' | 'date' | 'datetime';
  readonly role: 'dimension' | 'measure';
  readonly type: 'nominal' | 'ordinal' | 'quantitative';
  readonly aggregation: 'Count' | 'Sum' | 'Year';
  /** `undefined` for Tableau's own. */
  readonly format?: string;
  /** Why the field can't be shown, in words that follow its name; `undefined` if it can. */
  readonly obstacle?: string;
  /** Whether it is for Tailrace alone: such a field is hidden as well. */
  readonly isTechnical?: boolean;
};

type Form = Omit<Field, 'obstacle' | 'isTechnical'>;

const TEXT: Form = { datatype: 'string', role: 'dimension', type: 'nominal', aggregation: 'Count' };
const INSTANT: Form = { datatype: 'datetime', role: 'dimension', type: 'ordinal', aggregation: 'Year' };
const NUMBER: Form = { datatype: 'real', role: 'measure', type: 'quantitative', aggregation: 'Sum' };

/**
 * `nn` is the minute, and `*` begins a format that is given in symbols, `n` one of a number.
 * Source: <https://help.tableau.com/current/pro/desktop/en-us/dates_custom_date_formats.htm>
 */
const DAY = '*yyyy-MM-dd';
const TIME = 'hh:nn:ss';
const TWO_DECIMALS = 'n#,##0.00;-#,##0.00';

const FORMS: Readonly<Record<ShownColumn['type'], Form>> = {
  STRING: TEXT,
  INT64: { ...NUMBER, datatype: 'integer' },
  FLOAT64: NUMBER,
  NUMERIC: { ...NUMBER, format: TWO_DECIMALS },
  BIGNUMERIC: { ...NUMBER, format: TWO_DECIMALS },
  BOOL: { datatype: 'boolean', role: 'dimension', type: 'nominal', aggregation: 'Count' },
  TIMESTAMP: { ...INSTANT, format: `${DAY} ${TIME}` },
  DATETIME: { ...INSTANT, format: `${DAY} ${TIME}` },
  DATE: { ...INSTANT, datatype: 'date', format: DAY },
  // Tableau has no time of day: it puts one on a day of its own.
  TIME: { ...INSTANT, format: `*${TIME}` },
  BYTES: TEXT,
  JSON: TEXT,
};

/** Numbers that are names, and are never added up: Tableau's own rule for fields of such words. */
const NAMING_WORDS = new Set(['id', 'key', 'code', 'number', 'index']);

/** A column of a typed view, and what Tableau makes of it. */
export type FieldOfColumn = { readonly column: ShownColumn; readonly field: Field };

/**
 * Decides what Tableau makes of the columns of a view, in their order.
 *
 * @param kind An extract has lists, JSON, bytes and BIGNUMERIC as text.
 */
export function fieldsOf(view: TypedView, kind: TableauConnection['kind']): readonly FieldOfColumn[] {
  const isPositionOwn = ownColumns(view).includes('position');
  return shownColumns(view).map((column) => {
    const field = fieldOf(column, kind);
    const isTechnical = isPositionOwn && column.name === 'position';
    return { column, field: isTechnical ? { ...field, isTechnical: true } : field };
  });
}

function fieldOf(column: ShownColumn, kind: TableauConnection['kind']): Field {
  const form = kind === 'extract' ? extractedForm(column) : FORMS[column.type];
  const obstacle = kind === 'extract' ? undefined : obstacleOf(column);
  if (obstacle !== undefined) return { ...form, obstacle };
  if (form.datatype !== 'integer' || !wordsOf(column.name).some((word) => NAMING_WORDS.has(word))) return form;
  return { ...form, role: 'dimension', type: 'ordinal' };
}

function extractedForm({ type, mode }: ShownColumn): Form {
  return mode === 'REPEATED' || type === 'BIGNUMERIC' ? TEXT : FORMS[type];
}

/** Why a field of a live connection can't be shown, in words that follow its name; `undefined` if it can. */
function obstacleOf({ type, mode }: ShownColumn): string | undefined {
  if (mode === 'REPEATED') return 'is a list, which no field of Tableau can be';
  // Source: <https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/data-types#groupable_data_types>
  if (type === 'JSON') return 'is JSON, by which BigQuery groups nothing';
  return type === 'BYTES' ? 'holds bytes, which no field of Tableau shows' : undefined;
}

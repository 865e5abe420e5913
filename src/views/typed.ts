import type { ObjectNames } from '../names/object-names.ts';
import { COLUMN_TYPES } from '../schema/column-type.ts';
import type { SchemaColumn } from '../schema/schema.ts';
import type { Dialect } from './dialect.ts';
import { plainNumber } from './plain-number.ts';

/** A typed view: columns of scalars over a table's latest view, one row per item. */
export type TypedView = {
  readonly name: string;
  /** At least one. */
  readonly columns: readonly SchemaColumn[];
};

/**
 * The SELECT of a typed view: the declared columns, and nothing else.
 *
 * A value is taken as its JSON text, held against its type's pattern, and cast only then, so that both warehouses give
 * the same. What doesn't fit is NULL here and stays whole in the latest view; {@link misfitCount} counts it.
 *
 * ```sql
 * SELECT
 *   CASE WHEN regexp_matches("texts"."total", '…') THEN TRY_CAST(trim("texts"."total", '"') AS DECIMAL(38,9)) END AS "total"
 * FROM (
 *   SELECT CASE WHEN <an exponent> THEN <the same without> ELSE "read"."total" END AS "total"
 *   FROM (
 *     SELECT CAST(json_extract("latest"."item", '$."total"') AS VARCHAR) AS "total"
 *     FROM "Orders_latest" AS "latest"
 *   ) AS "read"
 * ) AS "texts"
 * ```
 */
export function typedSelect(dialect: Dialect, names: ObjectNames, { columns }: TypedView): string {
  const q = dialect.identifier;
  return [
    `SELECT`,
    columns.map((column) => `  ${value(dialect, column)} AS ${q(column.name)}`).join(',\n'),
    ...fromTexts(dialect, names, columns),
  ].join('\n');
}

/**
 * Counts the items as `items`, and for each column the values that don't fit it as `misfits_<index>`. An attribute that
 * is absent or NULL is no misfit.
 */
export function misfitCount(dialect: Dialect, names: ObjectNames, { columns }: TypedView): string {
  const q = dialect.identifier;
  const counts = columns.map((column, index) => {
    const isMisfit = `${textOf(dialect, column)} <> 'null' AND ${value(dialect, column)} IS NULL`;
    const count = COLUMN_TYPES[column.type].pattern === null ? '0' : `COUNT(CASE WHEN ${isMisfit} THEN 1 END)`;
    return `  ${count} AS ${q(misfitsColumn(index))}`;
  });
  return [`SELECT`, [`  COUNT(*) AS ${q('items')}`, ...counts].join(',\n'), ...fromTexts(dialect, names, columns)].join(
    '\n',
  );
}

/** Name of the column of {@link misfitCount} for the typed view's column at `index`. */
export function misfitsColumn(index: number): string {
  return `misfits_${index}`;
}

function value(dialect: Dialect, column: SchemaColumn): string {
  const { pattern } = COLUMN_TYPES[column.type];
  const text = textOf(dialect, column);
  const cast = dialect.fromJsonText(text, column.type);
  return pattern === null ? cast : `CASE WHEN ${dialect.matches(text, pattern)} THEN ${cast} END`;
}

/** The text of a column's JSON in {@link fromTexts}; the JSON itself where the type is JSON. */
function textOf(dialect: Dialect, { name }: SchemaColumn): string {
  return `${dialect.identifier('texts')}.${dialect.identifier(name)}`;
}

/** The columns' JSON texts, in two steps: read, and numbers without exponents where the type asks for it. */
function fromTexts(dialect: Dialect, names: ObjectNames, columns: readonly SchemaColumn[]): readonly string[] {
  const q = dialect.identifier;
  const item = `${q('latest')}.${q('item')}`;
  const read = columns.map(({ name, type, path }) => {
    const json = dialect.jsonAt(item, path);
    const { pattern, plainNumbers } = COLUMN_TYPES[type];
    const text = plainNumbers ? dialect.jsonTextAsWritten(json) : dialect.jsonText(json);
    return `      ${pattern === null ? json : text} AS ${q(name)}`;
  });
  const plain = columns.map(({ name, type }) => {
    const text = `${q('read')}.${q(name)}`;
    const expression = COLUMN_TYPES[type].plainNumbers ? `${plainNumber(dialect, text)} AS ${q(name)}` : text;
    return expression.replace(/^/gm, '    ');
  });
  return [
    `FROM (`,
    `  SELECT`,
    plain.join(',\n'),
    `  FROM (`,
    `    SELECT`,
    read.join(',\n'),
    `    FROM ${dialect.table(names.latest)} AS ${q('latest')}`,
    `  ) AS ${q('read')}`,
    `) AS ${q('texts')}`,
  ];
}

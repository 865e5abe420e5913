import type { ObjectNames } from '../names/object-names.ts';
import type { SchemaColumn } from '../schema/schema.ts';
import { columnText, columnValue, fromTexts, type Items } from './column-texts.ts';
import type { Dialect } from './dialect.ts';

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
 * the same. What doesn't fit is NULL here and stays whole in the latest view; `misfitCount` counts it.
 *
 * ```sql
 * SELECT
 *   CASE WHEN regexp_matches("texts"."total", '…') THEN TRY_CAST(trim("texts"."total", '"') AS DECIMAL(38,9)) END AS "total"
 * FROM (
 *   SELECT CAST(json_extract("latest"."item", '$."total"') AS VARCHAR) AS "total"
 *   FROM "Orders_latest" AS "latest"
 * ) AS "texts"
 * ```
 */
export function typedSelect(dialect: Dialect, names: ObjectNames, { columns }: TypedView): string {
  const values = columns.map((column) => {
    const value = columnValue(dialect, column, columnText(dialect, column));
    return `  ${value} AS ${dialect.identifier(column.name)}`;
  });
  return [`SELECT`, values.join(',\n'), fromTexts(dialect, latestItems(dialect, names), columns)].join('\n');
}

/** The items of a table's latest view, as `latest`. */
export function latestItems(dialect: Dialect, names: ObjectNames): Items {
  const alias = dialect.identifier('latest');
  return { from: `${dialect.table(names.latest)} AS ${alias}`, item: `${alias}.${dialect.identifier('item')}` };
}

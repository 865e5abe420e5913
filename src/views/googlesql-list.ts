import type { ValueForm } from '../schema/value-format.ts';
import { type ElementColumn, type RecordField, whereLines } from './dialect.ts';
import { googlesqlIdentifier } from './googlesql-quote.ts';

const ELEMENT = '`element`';

/** Implements `Dialect.valuesOf`. */
export function googlesqlValuesOf(json: string, _form: ValueForm, value: (element: string) => string): string {
  const elements = `UNNEST(JSON_QUERY_ARRAY(${json})) AS ${ELEMENT}`;
  return (
    `IF(EXISTS(SELECT 1 FROM ${elements} WHERE ${value(ELEMENT)} IS NULL), [], ` +
    `ARRAY(SELECT ${value(ELEMENT)} FROM ${elements} WITH OFFSET AS \`place\` ORDER BY \`place\`))`
  );
}

/** Implements `Dialect.recordsOf`. */
export function googlesqlRecordsOf(json: string, fields: readonly RecordField[]): string {
  const listed = fields.map(({ name, of }) => `${of(ELEMENT)} AS ${googlesqlIdentifier(name)}`);
  return [
    'ARRAY(',
    '    SELECT AS STRUCT',
    (listed.length === 0 ? ['CAST(NULL AS BOOL) AS `none`'] : listed).map((field) => `      ${field}`).join(',\n'),
    `    FROM UNNEST(JSON_QUERY_ARRAY(${json})) AS ${ELEMENT} WITH OFFSET AS \`place\``,
    '    ORDER BY `place`',
    '  )',
  ].join('\n');
}

/** Implements `Dialect.selectElements`. */
export function selectGooglesqlElements(
  from: string,
  list: string,
  columns: readonly ElementColumn[],
  conditions: readonly string[],
): string {
  const shown = columns.map((column) => {
    const value =
      column.of === 'place'
        ? '`place`'
        : `${column.of === 'item' ? '`items`' : '`element`'}.${googlesqlIdentifier(column.column)}`;
    return `  ${value} AS ${googlesqlIdentifier(column.name)}`;
  });
  return [
    'SELECT',
    shown.join(',\n'),
    `FROM ${from} AS \`items\`, UNNEST(\`items\`.${list}) AS \`element\` WITH OFFSET AS \`place\``,
    ...whereLines(conditions),
  ].join('\n');
}

/** Implements `Dialect.selectJsonElements`. */
export function selectGooglesqlJsonElements(
  selected: readonly string[],
  from: string,
  json: string,
  conditions: readonly string[],
): readonly string[] {
  return [
    `SELECT ${selected.join(', ')}, ${ELEMENT}`,
    `FROM ${from}, UNNEST(JSON_QUERY_ARRAY(${json})) AS ${ELEMENT}`,
    ...whereLines(conditions),
  ];
}

import type { ColumnType } from '../column.ts';
import type { PlainPath } from '../schema/path.ts';
import type { Split } from '../schema/schema.ts';
import type { ValueForm } from '../schema/value-format.ts';
import type { TableDefinition } from './table-definition.ts';

/**
 * What differs between the SQL of two warehouses. Everything else is written once, for both.
 *
 * Pure text: whoever sends a statement is elsewhere. Names and values enter a statement through {@link identifier},
 * {@link table}, {@link text} and {@link timestamp}, and through nothing else.
 */
export interface Dialect {
  readonly name: 'duckdb' | 'googlesql';

  /**
   * Quotes a name.
   *
   * @throws {TailraceError} `config-invalid` for a name that is empty or holds what no name may: control characters,
   *   lone surrogates.
   */
  identifier(name: string): string;

  /** A table or view of the destination, by its own name. Throws as {@link identifier} does. */
  table(name: string): string;

  /** A string literal. Throws as {@link identifier} does for NUL and lone surrogates. */
  text(value: string): string;

  /** A TIMESTAMP literal, from milliseconds since the epoch. */
  timestamp(ms: number): string;

  /** The dialect's word for a type. */
  type(type: ColumnType): string;

  /** The JSON text of a JSON expression, as a string; of a number as `jsonOfDecimal` wrote it. */
  jsonText(expression: string): string;

  /**
   * The JSON at a path below a JSON expression; NULL where there is none, also where a name meets a list or an index an
   * object. Names are matched exactly, whatever characters they hold. Throws as {@link text} does.
   */
  jsonAt(expression: string, path: PlainPath): string;

  /**
   * The JSON at several paths below a JSON expression, as {@link jsonAt} gives each, as a list whose first index is 1. `null`
   * where JSON isn't text, and each path costs nothing by itself.
   */
  jsonList(expression: string, paths: readonly PlainPath[]): string | null;

  /** The test that a text matches a pattern of RE2's. */
  matches(expression: string, pattern: string): string;

  /** A text with every match of a pattern of RE2's replaced; `\1` in the replacement is the pattern's first group. */
  replaceAll(expression: string, pattern: string, replacement: string): string;

  /**
   * Aggregate: the least texts of a group, at most `limit`, in order of their code points, as a JSON array. NULLs are left
   * out, or are `null` behind the texts.
   */
  leastTexts(expression: string, limit: number): string;

  /**
   * A JSON text as a value of a type; NULL where the warehouse can't. The text is known to match the rule of its form, and
   * a JSON expression stands for itself where the type is JSON.
   */
  fromJsonText(expression: string, form: ValueForm): string;

  /** An expression in which a name stands for a value, which is so written and computed once. */
  bind(name: string, value: string, inside: (name: string) => string): string;

  /** The text that a JSON string is, by its JSON text. */
  stringOfJson(expression: string): string;

  /** The JSON text of a text, in quotes; NULL stays NULL. */
  jsonOfText(expression: string): string;

  /**
   * The JSON that a text is, without white space and escapes that it needs not; NULL if it is none by the letter of RFC 8259.
   */
  parseJson(expression: string): string;

  /** A part of a text; NULL if it has none of that index. */
  part(expression: string, split: Split): string;

  /**
   * The list of values of a JSON list's elements. Empty if one of them is NULL, and if the JSON is no list: a list of values
   * can hold no NULL in every warehouse, nor be one.
   *
   * @param value The value of an element, of which the JSON is given. Asked for once or more.
   */
  valuesOf(json: string, form: ValueForm, value: (element: string) => string): string;

  /** The list of records of a JSON list's elements; empty if the JSON is no list. Fields may be NULL. */
  recordsOf(json: string, fields: readonly RecordField[]): string;

  /** Number of elements of a list of {@link valuesOf} or {@link recordsOf}. */
  lengthOf(list: string): string;

  /**
   * A SELECT of a row for each element of a list of records.
   *
   * @param list The list's column in the table.
   * @param columns The SELECT's columns in order: one of the table, one of the records, or the element's place, from 0.
   */
  selectElements(from: string, list: string, columns: readonly ElementColumn[], conditions: readonly string[]): string;

  /**
   * The lines of a SELECT of a row for each element of a JSON list: what is selected, and the element's JSON as `element`.
   * JSON that is no list gives no row.
   */
  selectJsonElements(
    selected: readonly string[],
    from: string,
    json: string,
    conditions: readonly string[],
  ): readonly string[];

  /** The test that an expression is among a parameter's values; the parameter is an array of strings. */
  isAmong(expression: string, parameter: string): string;

  /**
   * The test that a key is none of those in a table expression, whose column is `key`. Keys are never NULL.
   *
   * @param key With its table's name, which isn't `table`.
   * @param from What stands behind FROM for the table expression.
   * @param table The table expression's name.
   */
  isKeyAbsent(key: string, from: string, table: string): string;

  /**
   * A SELECT of the newest row of each key, among the rows of a changelog for which conditions hold: the one of the greatest
   * position, of equal ones the one ingested last, of those the one of the greatest digest.
   *
   * @param selected Expressions over the row.
   */
  newestByKey(selected: readonly string[], changelog: string, conditions: readonly string[]): string;

  /** Whether a view with a WITH clause reads no column more than is asked for. */
  readonly hasWith: boolean;

  /** A hash of a text, as 32 lower-case hexadecimal digits: the same in every warehouse. */
  hash(expression: string): string;

  /** Statements that create a table unless it is there. */
  createTable(definition: TableDefinition): readonly string[];

  /**
   * Statements that create a table unless it is there, and fill it with the rows of a SELECT whose columns are the table's,
   * in their order. All that a table has is spelled out: it inherits nothing from what is selected.
   */
  createTableAs(definition: TableDefinition, select: string): readonly string[];

  /** Statements that create or replace a view together with its comment; atomic only if run in one transaction. */
  createView(name: string, select: string, comment: string): readonly string[];

  /** Statement that replaces a table's comment. */
  commentOnTable(name: string, comment: string): string;

  /** Statement that drops a table if it is there. */
  dropTable(name: string): string;
}

/** A field of a record, and its value by the JSON of an element. */
export type RecordField = { readonly name: string; readonly of: (element: string) => string };

/** A column of {@link Dialect.selectElements}: its name, and where it is from. */
export type ElementColumn = { readonly name: string } & (
  | { readonly of: 'item' | 'record'; readonly column: string }
  | { readonly of: 'place' }
);

/** The lines of a WHERE clause; none without conditions. */
export function whereLines(conditions: readonly string[]): readonly string[] {
  return conditions.map((condition, index) => `${index === 0 ? 'WHERE' : '  AND'} ${condition}`);
}

/** Indents each line of a part of a statement. */
export function indent(text: string, by = '  '): string {
  return text.replace(/^/gm, by);
}

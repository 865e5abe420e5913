import type { ColumnType } from '../column.ts';
import type { SchemaType } from '../schema/column-type.ts';
import type { Path } from '../schema/path.ts';
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
  jsonAt(expression: string, path: Path): string;

  /**
   * The JSON at several paths below a JSON expression, as {@link jsonAt} gives each, as a list whose first index is 1. `null`
   * where JSON isn't text, and each path costs nothing by itself.
   */
  jsonList(expression: string, paths: readonly Path[]): string | null;

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
   * A JSON text as a value of a type; NULL where the warehouse can't. The text is known to match the type's pattern in
   * {@link COLUMN_TYPES}, and a JSON expression stands for itself where the type is JSON.
   */
  fromJsonText(expression: string, type: SchemaType): string;

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

/** Indents each line of a part of a statement. */
export function indent(text: string, by = '  '): string {
  return text.replace(/^/gm, by);
}

import type { SchemaType } from './column-type.ts';
import type { Path } from './path.ts';
import type { ValueForm } from './value-format.ts';

/** A part of a text: the one of this index between separators; a negative index counts from the end, -1 being the last. */
export type Split = { readonly separator: string; readonly index: number };

/** A column of a typed view. A value that doesn't fit is NULL, or the empty list where the column is REPEATED. */
export type SchemaColumn = ValueForm & {
  readonly name: string;
  readonly type: SchemaType;
  /** `REPEATED`: the elements of a list, none of which is NULL. @default 'NULLABLE' */
  readonly mode?: 'NULLABLE' | 'REPEATED' | undefined;
  /** Shown by the warehouse; `null` if there is none. */
  readonly description: string | null;
  /** From the item on, also in a view of a list's elements. */
  readonly path: Path;
  /** Which part of the text at the path is the value. @default the text itself */
  readonly split?: Split | undefined;
  /** Resource names of BigQuery's policy tags: who may read the column in snapshots. @default none */
  readonly policyTags?: readonly string[] | undefined;
  /** Whether snapshots are clustered by it, after `key` and the columns before it. */
  readonly cluster: boolean;
};

/** What an item must have at a path: a value, a text that begins so, or anything at all (NULL included), or nothing. */
export type Condition = { readonly path: Path } & (
  | { readonly equals: string | number | boolean }
  | { readonly prefix: string }
  | { readonly exists: boolean }
);

/** A typed view of some items, or of the elements of a list in them. */
export type SchemaView = {
  readonly name: string;
  /** All of them hold for the items of the view. @default none: all items */
  readonly where: readonly Condition[];
  /** The list of which each element is a row; `null` for a row for each item. */
  readonly unnest: Path | null;
  /** At least one. */
  readonly columns: readonly SchemaColumn[];
};

/** The configuration of one source table: what `schemas/T.json` says. */
export type Schema = {
  /** Name of the typed view of all items; `null` for the table's own name. */
  readonly name: string | null;
  /** Labels of the typed views, where the warehouse has them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Columns of the typed view of all items, in order. Without any there is no such view. */
  readonly columns: readonly SchemaColumn[];
  /** Views of kinds of items, and of the elements of lists. */
  readonly views: readonly SchemaView[];
  /** Paths that shall have no column: none is proposed for them, and they are no drift. */
  readonly ignore: readonly Path[];
};

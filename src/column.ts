/** Types of the columns that Tailrace itself writes, in BigQuery's words. Times are UTC. */
export type ColumnType = 'STRING' | 'INT64' | 'BOOL' | 'TIMESTAMP' | 'JSON';

/** A column of a table that Tailrace creates: declared once, for both dialects' DDL and for every encoder of rows. */
export type Column<Row> = {
  readonly name: string;
  /** The row's property that holds the column's value. TIMESTAMPs are epoch milliseconds there, or microseconds as a `bigint`; JSON is its text. */
  readonly field: keyof Row & string;
  readonly type: ColumnType;
  readonly required: boolean;
  /** One sentence, shown by the warehouse. */
  readonly description: string;
};

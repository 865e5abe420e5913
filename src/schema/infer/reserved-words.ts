/**
 * Words that a query has to quote where a view is named so, in GoogleSQL, in DuckDB or in PostgreSQL, whose parser DuckDB has.
 *
 * Sources: <https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical#reserved_keywords>,
 * <https://duckdb.org/docs/stable/sql/keywords_and_identifiers>,
 * <https://www.postgresql.org/docs/current/sql-keywords-appendix.html>
 */
const RESERVED = new Set(
  `all analyse analyze and anti any array as asc asof assert_rows_modified asymmetric at authorization between binary both by
  case cast check collate collation column columns concurrently constraint contains create cross cube current
  current_catalog current_date current_role current_time current_timestamp current_user default deferrable define desc
  describe distinct do else end enum escape except exclude exists extract false fetch following for foreign freeze from full
  generated glob grant group grouping groups hash having if ignore ilike in initially inner intersect interval into is
  isnull join lambda lateral leading left like limit localtime localtimestamp lookup map merge natural new no not notnull
  null nulls of offset on only or order outer over overlaps partition pivot pivot_longer pivot_wider placing positional
  preceding primary proto qualify range recursive references respect returning right rollup rows select semi session_user
  set show similar some struct summarize symmetric system_user table tablesample then to trailing treat true try_cast
  unbounded union unique unnest unpack unpivot user using variadic verbose when where window with within`.split(/\s+/),
);

/** Those of them that kinds of items are named by. */
const NOUNS = new Set(
  `array case check collation column constraint cube enum fetch grant group hash interval join limit lookup map merge
  offset order partition pivot range set show struct table union user window`.split(/\s+/),
);

/** Whether a view of this name has to be quoted in queries. */
export function isReserved(name: string): boolean {
  return RESERVED.has(name.toLowerCase());
}

/**
 * Another name for a view that a reserved word would name: `orders` for `order`; none for a word that has no plural, or whose
 * plural is reserved, too.
 */
export function unreserved(word: string): string | undefined {
  if (!NOUNS.has(word)) return undefined;
  const plural = /(?:sh|ch)$/.test(word) ? `${word}es` : `${word}s`;
  return isReserved(plural) ? undefined : plural;
}

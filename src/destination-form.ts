/** Form of a destination's name, for messages and help. It is a file of its own: help loads no destination. */
export const DESTINATION_FORM = 'duckdb:PATH or bigquery:PROJECT.DATASET';

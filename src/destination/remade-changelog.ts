/** How long BigQuery may drop rows that are streamed into a table that was just made, or given other columns. */
export const NOT_READY_MINUTES = 15;

/**
 * What a user must do around creating a table's changelog again. For remedies, and for commands that create or drop one.
 *
 * @param destination As a user names it, such as `bigquery:project.dataset`.
 * @param table Name of the DynamoDB table.
 * @returns One sentence; `null` where the destination takes rows at once.
 */
export function remadeChangelogAdvice(destination: string, table: string): string | null {
  if (!destination.startsWith('bigquery:')) return null;
  return (
    'If a Lambda function delivers to it, switch the mapping off before, on after ' +
    `${NOT_READY_MINUTES} minutes; then \`tailrace gaps ${table} --fill\` proves that nothing is missing.`
  );
}

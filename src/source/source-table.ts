/**
 * A DynamoDB table as a destination remembers it: partition, region, account and name in its ARN, and the id that tells
 * it from an earlier table of the same name.
 */
export type SourceTable = {
  readonly name: string;
  readonly arn: string;
  /**
   * DynamoDB's TableId. Of a server that gives none, `created <ISO 8601>`: the table of the same name that is made after it
   * has another. `null` where DynamoDB wasn't asked yet, as in a replay from a file.
   */
  readonly tableId: string | null;
};

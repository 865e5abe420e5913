/**
 * A DynamoDB table as a destination remembers it: its ARN has partition, region, account and name, and the id tells it from an
 * earlier table of the same name.
 */
export type SourceTable = {
  readonly name: string;
  readonly arn: string;
  /**
   * DynamoDB's TableId. Where a server gives none, `created <ISO 8601>`: a later table of the same name has another time.
   * `null` if DynamoDB wasn't asked yet, as in a replay from a file.
   */
  readonly tableId: string | null;
};

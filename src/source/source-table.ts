/**
 * A DynamoDB table as a destination remembers it: partition, region, account and name in its ARN, and the id that tells
 * it from an earlier table of the same name.
 */
export type SourceTable = {
  readonly name: string;
  readonly arn: string;
  /** `null` where nobody has asked DynamoDB yet, as in a replay from a file. */
  readonly tableId: string | null;
};

/** What was asked of DynamoDB when it failed. */
export type AwsCall = {
  /** The IAM action that it needs, such as `dynamodb:Scan`. */
  readonly action: string;
  /** Name of the table, or a stream's ARN. */
  readonly subject: string;
  /** What the action is allowed on, where that isn't the subject. */
  readonly resource?: string;
  /** Where it was sent, for people. */
  readonly endpoint: string;
};

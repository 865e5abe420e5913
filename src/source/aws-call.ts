/** A call to a service of AWS, for messages about its failure. */
export type AwsCall = {
  /** The IAM action that it needs, such as `dynamodb:Scan`. */
  readonly action: string;
  /** Name of the table, or a stream's ARN. */
  readonly subject: string;
  /** On what IAM allows the action, if not on the subject. */
  readonly resource?: string;
  /** Where it was sent, for people: a URL, or words such as `DynamoDB in eu-west-1`. */
  readonly endpoint: string;
};

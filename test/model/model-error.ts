/** The errors of DynamoDB's API that the model answers with, by AWS's own names. */
export type ModelErrorType =
  | 'ResourceNotFoundException'
  | 'ResourceInUseException'
  | 'TrimmedDataAccessException'
  | 'ExpiredIteratorException'
  | 'ValidationException';

/** What the model refuses, as AWS would. */
export class ModelError extends Error {
  readonly type: ModelErrorType;

  constructor(type: ModelErrorType, message: string) {
    super(message);
    this.name = 'ModelError';
    this.type = type;
  }
}

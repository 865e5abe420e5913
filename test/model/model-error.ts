/** The errors of DynamoDB's API that the model gives, by AWS's names. */
export type ModelErrorType =
  | 'ResourceNotFoundException'
  | 'ResourceInUseException'
  | 'TrimmedDataAccessException'
  | 'ExpiredIteratorException'
  | 'ValidationException';

/** A refusal of the model, as AWS would give it. */
export class ModelError extends Error {
  readonly type: ModelErrorType;

  constructor(type: ModelErrorType, message: string) {
    super(message);
    this.name = 'ModelError';
    this.type = type;
  }
}

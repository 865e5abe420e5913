import type { TestProject } from 'vitest/node';
import { reportAbsent } from '../support/bigquery-absent.ts';
import { type DynamoDbLocalInstall, installDynamoDbLocal } from './dynamodb-local.ts';

declare module 'vitest' {
  interface ProvidedContext {
    dynamoDbLocal: DynamoDbLocalInstall | null;
  }
}

/** Provides what DynamoDB Local is started from, on a clock that runs faster; `null` if it can't be had. */
export default async function setup({ provide }: TestProject): Promise<void> {
  try {
    provide('dynamoDbLocal', await installDynamoDbLocal());
  } catch (error) {
    const [reason = 'unknown'] = (error instanceof Error ? error.message : String(error)).split('\n');
    reportAbsent('DynamoDB Local with libfaketime', reason);
    provide('dynamoDbLocal', null);
  }
}

import { describe, inject } from 'vitest';
import { destinationContract } from '../contract/destination-contract.ts';
import { temporaryDataset } from './temporary-dataset.ts';

const bigQuery = inject('bigQuery');

describe.skipIf(bigQuery === null)('through the real client', () => {
  destinationContract('BigQuery', () => {
    if (bigQuery === null) throw new Error('There is no BigQuery to test on');
    return temporaryDataset(bigQuery);
  });
});

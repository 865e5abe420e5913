import { describe } from 'vitest';
import type { TemporaryDestination } from '../support/stages/temporary-destination.ts';
import { appendContract } from './append-contract.ts';
import { compactionContract } from './compaction-contract.ts';
import { comparisonContract } from './comparison-contract.ts';
import { driftContract } from './drift-contract.ts';
import { exportContract } from './export-contract.ts';
import { gapContract } from './gap-contract.ts';
import { latestContract } from './latest-contract.ts';
import { queryContract } from './query-contract.ts';
import { removalContract } from './removal-contract.ts';
import { retentionContract } from './retention-contract.ts';
import { setupContract } from './setup-contract.ts';
import { snapshotContract } from './snapshot-contract.ts';
import { stateContract } from './state-contract.ts';
import { typedViewContract } from './typed-view-contract.ts';

/**
 * Everything that a `Destination` promises, tried on a real one.
 *
 * @param makePlace Gives an empty place each time it is called: a file, a dataset.
 */
export function destinationContract(name: string, makePlace: () => Promise<TemporaryDestination>): void {
  describe(`${name} as a destination`, () => {
    setupContract(makePlace);
    appendContract(makePlace);
    latestContract(makePlace);
    compactionContract(makePlace);
    snapshotContract(makePlace);
    retentionContract(makePlace);
    stateContract(makePlace);
    comparisonContract(makePlace);
    gapContract(makePlace);
    queryContract(makePlace);
    typedViewContract(makePlace);
    driftContract(makePlace);
    exportContract(makePlace);
    removalContract(makePlace);
  });
}

import type { FailedBatches } from '../../src/replay/failed-batch.ts';
import type { FailureLocation } from '../../src/replay/open-failed-batches.ts';
import type { AwsSettings } from '../../src/source/aws-endpoints.ts';
import type { Dependencies } from '../dependencies.ts';
import { fileBatches } from './file-batches.ts';
import type { ReplayInput } from './input.ts';
import { withRegionOf } from './named-region.ts';

/** Where things are that failures left behind. */
export type ReplayLocation = FailedBatches &
  Disposable & {
    /** Whether what isn't recognised is one of many, left as it was by name, or all that there is. */
    readonly isLenient: boolean;
  };

/**
 * Opens the place that a replay takes its records from; `null` if it takes them from the stream itself.
 *
 * @param directory For what can be read once only and is too large for memory.
 */
export async function openLocation(
  origin: ReplayInput,
  aws: AwsSettings,
  dependencies: Dependencies,
  directory: string,
): Promise<ReplayLocation | null> {
  const open = async (place: FailureLocation, settings = aws) =>
    Object.assign(await dependencies.openFailedBatches(place, settings), { isLenient: true });
  switch (origin.from) {
    case 's3':
      return open({ bucket: origin.place });
    case 'queue':
      return open({ queue: origin.url }, withRegionOf(aws, origin.url));
    case 'file': {
      const files = await fileBatches(origin.path, dependencies.files, directory);
      return { ...files, isLenient: files.isDirectory };
    }
    default:
      return null;
  }
}

/** The same place, where everything stays as it is: for a dry run. */
export function untouched(place: ReplayLocation): FailedBatches {
  return {
    name: place.name,
    async *all(signal) {
      for await (const batch of place.all(signal)) yield { ...batch, acknowledge: () => batch.leave() };
    },
    close: () => place.close(),
  };
}

import type { FailedBatches } from '../../src/replay/failed-batch.ts';
import type { FailureLocation } from '../../src/replay/open-failed-batches.ts';
import type { AwsSettings } from '../../src/source/aws-endpoints.ts';
import type { Dependencies } from '../dependencies.ts';
import { fileBatches } from './file-batches.ts';
import type { ReplayInput } from './input.ts';

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

const ARN = /^arn:[a-z0-9-]+:[a-z0-9-]+:([a-z0-9-]+):/;

/** Source: <https://docs.aws.amazon.com/general/latest/gr/sqs-service.html> */
const QUEUE_HOST = /^(?:sqs\.([a-z0-9-]+)|([a-z0-9-]+)\.queue)\.amazonaws\.com(?:\.cn)?$/;

/** Adds the region that an ARN or a queue's URL names to settings without one. */
export function withRegionOf(settings: AwsSettings, named: string | undefined): AwsSettings {
  if (named === undefined || settings.region !== undefined) return settings;
  const [, ofArn] = ARN.exec(named) ?? [];
  const [, ofHost, ofOldHost] = QUEUE_HOST.exec(URL.parse(named)?.hostname ?? '') ?? [];
  const namedRegion = ofArn ?? ofHost ?? ofOldHost;
  return namedRegion === undefined ? settings : { ...settings, namedRegion };
}

import type { FailedBatches } from '../../src/replay/failed-batch.ts';
import type { FailureLocation } from '../../src/replay/open-failed-batches.ts';
import type { AwsSettings } from '../../src/source/aws-endpoints.ts';
import type { Dependencies } from '../dependencies.ts';
import { fileBatches } from './file-batches.ts';
import type { ReplayInput } from './input.ts';

/** The failed batches that a replay reads. */
export type ReplayLocation = FailedBatches &
  Disposable & {
    /** Whether a batch that isn't recognised is left by name, as one of many; otherwise the replay is refused. */
    readonly isLenient: boolean;
  };

/**
 * Opens the location that a replay reads; `null` if it reads the stream itself.
 *
 * @param directory For input that can be read only once and is too large for memory.
 */
export async function openLocation(
  input: ReplayInput,
  aws: AwsSettings,
  dependencies: Dependencies,
  directory: string,
): Promise<ReplayLocation | null> {
  const open = async (location: FailureLocation, settings = aws) =>
    Object.assign(await dependencies.openFailedBatches(location, settings), { isLenient: true });
  switch (input.from) {
    case 's3':
      return open({ bucket: input.bucket });
    case 'queue':
      return open({ queue: input.url }, withRegionOf(aws, input.url));
    case 'file': {
      const files = await fileBatches(input.path, dependencies.files, directory);
      return { ...files, isLenient: files.isDirectory };
    }
    default:
      return null;
  }
}

/** The same location, where every batch is left: for a dry run. */
export function untouched(location: ReplayLocation): FailedBatches {
  return {
    name: location.name,
    async *all(signal) {
      for await (const batch of location.all(signal)) yield { ...batch, acknowledge: () => batch.leave() };
    },
    close: () => location.close(),
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

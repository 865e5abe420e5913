import type { AwsSettings } from '../../src/source/aws-endpoints.ts';

const ARN = /^arn:[a-z0-9-]+:[a-z0-9-]+:([a-z0-9-]+):/;

/** Source: <https://docs.aws.amazon.com/general/latest/gr/sqs-service.html> */
const QUEUE_HOST = /^(?:sqs\.([a-z0-9-]+)|([a-z0-9-]+)\.queue)\.amazonaws\.com(?:\.cn)?$/;

/** Settings with the region that an ARN or a queue's URL names: then it need not be given. */
export function withRegionOf(settings: AwsSettings, named: string | undefined): AwsSettings {
  if (named === undefined || settings.region !== undefined) return settings;
  const [, ofArn] = ARN.exec(named) ?? [];
  const [, ofHost, ofOldHost] = QUEUE_HOST.exec(URL.parse(named)?.hostname ?? '') ?? [];
  const namedRegion = ofArn ?? ofHost ?? ofOldHost;
  return namedRegion === undefined ? settings : { ...settings, namedRegion };
}

import { expect, test } from 'vitest';
import { likeliestRegion, requireRegion } from '../../../src/source/aws-region.ts';

const nowhere = () => Promise.reject(new Error('ENOTFOUND'));

test.each(['eu-west-1', 'us-gov-west-1', 'cn-north-1', 'ap-southeast-7', 'mx-central-1'])(
  'region %s is known without being looked for',
  async (region) => {
    await requireRegion(region, {}, () => expect.unreachable());
  },
);

test('a region that is newer than the SDK is asked for its address, and taken', async () => {
  const asked: string[] = [];

  await requireRegion('eu-north-9', {}, async (host) => void asked.push(host));

  expect(asked).toEqual(['dynamodb.eu-north-9.amazonaws.com']);
});

test.each([
  ['eu-wst-1', 'eu-west-1'],
  ['eu-west1', 'eu-west-1'],
  ['EU-WEST-1', 'eu-west-1'],
  ['us_west_2', 'us-west-2'],
  ['us east 1', 'us-east-1'],
  ['eu-central-1b', 'eu-central-1'],
  ['frankfurt', 'eu-central-1'],
  ['Hong Kong', 'ap-east-1'],
])('%s most likely means %s', (text, region) => {
  expect(likeliestRegion(text)).toBe(region);
});

test.each(['nowhere', 'europe', ''])('"%s" may mean any region', (text) => {
  expect(likeliestRegion(text)).toBeUndefined();
});

test.each([
  [{ region: 'eu-wst-1' }, 'Did you mean eu-west-1? Correct it in --region.'],
  [{}, 'Did you mean eu-west-1? Correct it in AWS_REGION, or in the AWS profile.'],
  [{ profile: 'sales' }, 'Did you mean eu-west-1? Correct it in AWS_REGION, or in profile sales.'],
  [{ namedRegion: 'eu-wst-1' }, 'Did you mean eu-west-1? Correct it in the ARN or URL.'],
])('a region that is nowhere is refused by name, with the place to correct it: %j', async (settings, remedy) => {
  await expect(requireRegion('eu-wst-1', settings, nowhere)).rejects.toMatchObject({
    kind: 'config-invalid',
    message: 'There is no AWS region "eu-wst-1": dynamodb.eu-wst-1.amazonaws.com has no address',
    remedy,
  });
});

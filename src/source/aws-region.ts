import { lookup } from 'node:dns/promises';
import { partition } from '@aws-sdk/core/client';
import { TailraceError } from '../errors.ts';
import { likeliestName } from '../schema/likeliest-path.ts';
import type { AwsSettings } from './aws-endpoints.ts';

const AREAS = 'us eu ap sa ca me af il mx cn us-gov us-iso us-isob eu-isoe us-isof eusc-de'.split(' ');
const SIDES = 'north south east west central northeast northwest southeast southwest'.split(' ');
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/**
 * Refuses a region that AWS doesn't have, before credentials are looked for: those may be right.
 *
 * A region that is newer than the SDK has an address of DynamoDB all the same.
 *
 * @param resolve Finds the address of a host, or rejects.
 * @throws {TailraceError} `config-invalid` that names the region, and the one that was most likely meant.
 */
export async function requireRegion(
  region: string,
  { region: given, namedRegion, profile }: AwsSettings,
  resolve: (host: string) => Promise<unknown> = lookup,
): Promise<void> {
  if (placeOf(region) !== undefined) return;
  const host = `dynamodb.${region}.${partition(region).dnsSuffix}`;
  try {
    await resolve(host);
  } catch (cause) {
    const meant = likeliestRegion(region);
    const where = given === undefined && region === namedRegion ? 'in the ARN or URL' : whereItIsSet(given, profile);
    throw new TailraceError('config-invalid', `There is no AWS region "${region}": ${host} has no address`, {
      remedy: meant ? `Did you mean ${meant}? Correct it ${where}.` : `Correct it ${where}, such as to eu-central-1.`,
      cause,
    });
  }
}

/** The region that a text most likely means: by its spelling, its zone (`eu-west-1a`), or its city. */
export function likeliestRegion(text: string): string | undefined {
  const regions = knownRegions();
  const plain = text.toLowerCase().replaceAll(/[\s_]+/g, '-');
  const [, zoneless = plain] = /^(.*\d)[a-z]$/.exec(plain) ?? [];
  const city = regions.filter((region) => placeOf(region)?.toLowerCase().includes(plain.replaceAll('-', ' ')));
  if (regions.includes(zoneless)) return zoneless;
  return likeliestName(zoneless, regions) ?? (city.length === 1 ? city[0] : undefined);
}

function whereItIsSet(given: string | undefined, profile: string | undefined): string {
  if (given !== undefined) return 'in --region';
  return profile === undefined ? 'in AWS_REGION, or in the AWS profile' : `in AWS_REGION, or in profile ${profile}`;
}

/** The SDK lists its regions only by answering for each: it knows the place of those that it has. */
function knownRegions(): readonly string[] {
  const names = AREAS.flatMap((area) => SIDES.flatMap((side) => NUMBERS.map((number) => `${area}-${side}-${number}`)));
  return names.filter((name) => placeOf(name) !== undefined);
}

/** Where a region is, such as `Europe (Ireland)`; `undefined` if the SDK doesn't know the region. */
function placeOf(region: string): string | undefined {
  const found: object = partition(region);
  return 'description' in found && typeof found.description === 'string' ? found.description : undefined;
}

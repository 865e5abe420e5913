import type { StreamViewType } from '../../src/source/table-reader.ts';
import type { AttributeMap } from '../../src/value/attribute-value.ts';
import type { ModelRecord } from './stream.ts';
import type { TableChange } from './table-change.ts';

export type RecordManner = {
  /** Names of the key attributes. */
  readonly keys: readonly string[];
  readonly viewType: StreamViewType;
  readonly region: string;
  /** The unit to which times are rounded down, in milliseconds. AWS: a second. */
  readonly grainMs: number;
  readonly eventId: string;
};

/** A record as GetRecords gives it on the wire. */
export function wireRecord<C extends TableChange>(
  { number, change }: Pick<ModelRecord<C>, 'number' | 'change'>,
  { keys, viewType, region, grainMs, eventId }: RecordManner,
): Record<string, unknown> {
  const { before, after, at, expired } = change;
  return {
    eventName: after === null ? 'REMOVE' : before === null ? 'INSERT' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    eventID: eventId,
    ...(expired && { userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } }),
    dynamodb: {
      ApproximateCreationDateTime: (Math.floor(at / grainMs) * grainMs) / 1000,
      Keys: keysOf(after ?? before ?? {}, keys),
      ...(after && /^NEW/.test(viewType) && { NewImage: after }),
      ...(before && /OLD_/.test(viewType) && { OldImage: before }),
      SequenceNumber: number,
      SizeBytes: 100,
      StreamViewType: viewType,
    },
  };
}

/** The key attributes of an item. */
export function keysOf(item: AttributeMap, keys: readonly string[]): AttributeMap {
  return Object.fromEntries(Object.entries(item).filter(([name]) => keys.includes(name)));
}

import { TailraceError } from '../errors.ts';
import type { AttributeMap, AttributeValue } from '../value/attribute-value.ts';
import { isObject } from '../value/is-object.ts';

/**
 * Reads an item or a key in an answer. Its values are checked when they are encoded.
 *
 * @throws {TailraceError} `source-invalid` if it isn't a map of attributes.
 */
export function readAttributeMap(value: unknown, endpoint: string): AttributeMap {
  if (isAttributeMap(value)) return value;
  throw new TailraceError('source-invalid', `${endpoint} answers with items that are none of DynamoDB`);
}

/** Reads a list of items or keys. Throws as {@link readAttributeMap}. */
export function readAttributeMaps(value: unknown, endpoint: string): readonly AttributeMap[] {
  if (Array.isArray(value)) return value.map((item) => readAttributeMap(item, endpoint));
  throw new TailraceError('source-invalid', `${endpoint} answers without a list of DynamoDB items`);
}

function isAttributeMap(value: unknown): value is AttributeMap {
  return isObject(value) && Object.values(value).every((attribute): attribute is AttributeValue => isObject(attribute));
}

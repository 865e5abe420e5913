import { isObject } from '../value/is-object.ts';

/**
 * A stream record in Lambda's shape, from either shape: bytes as base64 text, times as seconds since the epoch, names in
 * `userIdentity` in lower case. Everything else stays as it is: a broken record stays just as broken.
 */
export function lambdaShape(record: unknown): unknown {
  if (!isObject(record)) return plain(record);
  const identity = record['userIdentity'];
  const spelled = isObject(identity) ? { userIdentity: lowerNames(identity) } : {};
  return plain({ ...record, ...spelled });
}

function lowerNames(identity: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(identity).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(plain);
  // From entries, which define properties: an attribute named __proto__ is one like any other.
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  return value;
}

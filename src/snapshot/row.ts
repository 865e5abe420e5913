import type { Transform } from '../privacy/transform.ts';
import type { AttributeMap, AttributeValue } from '../value/attribute-value.ts';
import { canonicalDigest, canonicalItem } from '../value/canonical-json.ts';
import { canonicalKey } from '../value/key.ts';

/** One row of what a backfill loads: an item as it was read. */
export type SnapshotRow = {
  readonly key: string;
  /** Canonical JSON text. */
  readonly item: string;
  readonly digest: string;
};

/** One side of a comparison: an item's key and the digest of its canonical text. */
export type KeyDigest = { readonly key: string; readonly digest: string };

/**
 * Encodes a scanned item as its snapshot row.
 *
 * @param keyNames The table's key attributes, in any order.
 * @throws {TailraceError} `record-invalid` with the path if a value of it can't be carried exactly.
 */
export function toSnapshotRow(item: AttributeMap, keyNames: readonly string[], transform: Transform): SnapshotRow {
  const { text, digest } = canonicalItem(transform.item(item), 'Item');
  return {
    key: keyOf(item, keyNames, transform),
    item: text,
    digest,
  };
}

/** Encodes a scanned item as its key and digest. Throws as {@link toSnapshotRow} does. */
export function toKeyDigest(item: AttributeMap, keyNames: readonly string[], transform: Transform): KeyDigest {
  return {
    key: keyOf(item, keyNames, transform),
    digest: canonicalDigest(transform.item(item), 'Item'),
  };
}

function keyOf(item: AttributeMap, keyNames: readonly string[], transform: Transform): string {
  // Without a prototype: on any other object, assigning to a key attribute named __proto__ makes no property.
  const keys: Record<string, AttributeValue> = Object.create(null);
  for (const name of keyNames) {
    const value = Object.hasOwn(item, name) ? item[name] : undefined;
    if (value !== undefined) keys[name] = value;
  }
  return canonicalKey(transform.keys(keys), 'Item');
}

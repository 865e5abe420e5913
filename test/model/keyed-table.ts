import type { AttributeMap } from '../../src/value/attribute-value.ts';
import { canonicalKey } from '../../src/value/key.ts';
import type { KeyAttribute } from '../../src/value/key-attribute.ts';
import { ModelError } from './model-error.ts';
import { keysOf } from './record.ts';
import { ModelTable, type ModelTableOptions } from './table.ts';
import type { TableChange } from './table-change.ts';

/** How old a description's count of items may be. */
const COUNTED_EVERY_MS = 6 * 60 * 60_000;

export type KeyedTableOptions = Omit<ModelTableOptions<TableChange>, 'changeOf'> & {
  readonly name: string;
  readonly tableId: string;
  /** Partition key, then sort key. */
  readonly keys: readonly KeyAttribute[];
};

/** A table of any items, identified by their keys. */
export class KeyedTable extends ModelTable {
  readonly name: string;
  readonly arn: string;
  readonly tableId: string;
  readonly keys: readonly KeyAttribute[];
  readonly keyNames: readonly string[];
  readonly createdAt: number;

  constructor(options: KeyedTableOptions) {
    super({ ...options, changeOf: (change) => change });
    this.name = options.name;
    this.arn = options.arn;
    this.tableId = options.tableId;
    this.keys = options.keys;
    this.keyNames = options.keys.map(({ name }) => name);
    this.createdAt = options.clock.now();
  }

  /** @throws {ModelError} if it lacks a key attribute or has one of another type. */
  put(item: AttributeMap): TableChange | undefined {
    return this.write(this.nameOf(item), item);
  }

  /** @param expired Whether time to live removes it, rather than a client. */
  remove(key: AttributeMap, { expired = false } = {}): TableChange | undefined {
    return this.write(this.nameOf(key), null, { expired });
  }

  get(key: AttributeMap): AttributeMap | undefined {
    return this.items.get(this.nameOf(key));
  }

  /** A text that depends on an item's key alone. */
  nameOf(item: AttributeMap): string {
    const fits = this.keys.every(({ name, type }) => item[name]?.[type] !== undefined);
    if (!fits) throw new ModelError('ValidationException', 'The provided key element does not match the schema');
    return canonicalKey(keysOf(item, this.keyNames));
  }

  /** A description's count of items, up to six hours old. */
  itemCountAt(now: number): number {
    const counted = now - (now % COUNTED_EVERY_MS);
    return this.names().filter((name) => this.itemAt(name, counted) !== null).length;
  }
}

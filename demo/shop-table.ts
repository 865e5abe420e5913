import type { AttributeValue, CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { Random } from '../src/random.ts';

/** An item as the shop's application stores it. Each has a `revision`, which grows by one with each write. */
export type ShopItem = Record<string, AttributeValue>;

/** A table of the shop: its form, and what its application writes into it. It knows nothing of Tailrace. */
export type ShopTable = {
  /** As in the name of its schema file. */
  readonly name: string;
  /** So many items of it, for people. */
  counted(items: number): string;
  /** How many of the shop's items and writes are its, in proportion to the shares of the other tables. */
  readonly share: number;
  /** What creates it, under another name if need be. It has no stream yet, as most tables. */
  form(name: string): CreateTableCommandInput;
  /**
   * Makes an item.
   *
   * @param serial Different for each item, from 1.
   * @param at When the application makes it, in milliseconds since the epoch.
   */
  first(serial: number, at: number, random: Random): ShopItem;
  /** The item after its next step. */
  next(item: ShopItem, random: Random): ShopItem;
  /** The item's key attributes. */
  keyOf(item: ShopItem): ShopItem;
};

/** A table of the shop where the demo plays. */
export type StagedTable = {
  readonly shop: ShopTable;
  /** Its name there. */
  readonly name: string;
};

/** The item with a revision more, and what else changes. */
export function revised(item: ShopItem, changes: ShopItem): ShopItem {
  return { ...item, ...changes, revision: { N: String(Number(item['revision']?.N) + 1) } };
}

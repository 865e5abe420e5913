import { ORDERS } from './orders.ts';
import type { ShopTable } from './shop-table.ts';
import { TEAROOM } from './tearoom.ts';

/** The tables of the shop. */
export const SHOP: readonly ShopTable[] = [ORDERS, TEAROOM];

/** A table's part of what all tables of the shop have together: of 20 writes a second, 15 are orders. */
export function partOf({ share }: ShopTable, all: number): number {
  return (all * share) / SHOP.reduce((sum, table) => sum + table.share, 0);
}

/** How many items a table begins with. @param orders So many the table of orders begins with. */
export function firstItemsOf({ share }: ShopTable, orders: number): number {
  return Math.ceil((orders * share) / ORDERS.share);
}

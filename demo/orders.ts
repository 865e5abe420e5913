import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { counted } from '../cli/terminal/format.ts';
import type { Random } from '../src/random.ts';
import { pick, whole } from './chance.ts';
import { revised, type ShopItem, type ShopTable } from './shop-table.ts';

/** An order of a small shop, as its web application would store it. */
export type Order = ShopItem;

const DAY_MS = 86_400_000;

/** The table: customers' orders, sorted by order number within a customer. It has no stream yet, as most tables. */
export function ordersTable(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    KeySchema: [
      { AttributeName: 'customer_id', KeyType: 'HASH' },
      { AttributeName: 'order_number', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'customer_id', AttributeType: 'S' },
      { AttributeName: 'order_number', AttributeType: 'N' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  };
}

const STATUSES: readonly (string | undefined)[] = ['placed', 'paid', 'packed', 'shipped', 'delivered', 'returned'];

const PRODUCTS = [
  ['TEA-EARL-250', 'Earl Grey, 250 g', 1290],
  ['TEA-SENCHA-100', 'Sencha “Früher Morgen”, 100 g', 1850],
  ['POT-CAST-08', 'Cast-iron pot, 0.8 l', 6900],
  ['CUP-STONE-2', 'Stoneware cups, set of 2', 2450],
  ['WHISK-BAMBOO', 'Bamboo whisk (茶筅)', 1995],
  ['TIMER-3', 'Sand timer, 3 minutes', 899],
] as const;

const CITIES = [
  ['Hamburg', '20095', 53.5511, 9.9937],
  ['Zürich', '8001', 47.3769, 8.5417],
  ['Kraków', '31-001', 50.0647, 19.945],
  ['Århus', '8000', 56.1629, 10.2039],
] as const;

/**
 * Makes an order: nested maps, sets, binary, money in decimals, an order number of 20 digits and a ledger entry of 30,
 * both beyond what a double can hold.
 *
 * @param serial Different for each order.
 */
export function newOrder(serial: number, random: Random): Order {
  const lines = Array.from({ length: 1 + whole(random, 3) }, () => newLine(random));
  const cents = lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  const [city, zip, latitude, longitude] = pick(CITIES, random);
  return {
    customer_id: { S: `customer-${String(whole(random, 800)).padStart(4, '0')}` },
    order_number: { N: `2026${String(serial).padStart(16, '0')}` },
    revision: { N: '1' },
    status: { S: 'placed' },
    total: { N: money(cents) },
    vat_rate: { N: '0.19' },
    ledger_entry: { N: `9${String(serial).padStart(29, '0')}` },
    gift: { BOOL: random.next() < 0.1 },
    note: random.next() < 0.2 ? { S: 'Please ring twice.\nThank you!' } : { NULL: true },
    ship_to: {
      M: {
        name: { S: `Customer ${whole(random, 800)}` },
        city: { S: city },
        zip: { S: zip },
        location: { L: [{ N: String(latitude) }, { N: String(longitude) }] },
      },
    },
    lines: {
      L: lines.map(({ sku, title, quantity, price }) => ({
        M: { sku: { S: sku }, title: { S: title }, quantity: { N: String(quantity) }, price: { N: money(price) } },
      })),
    },
    tags: { SS: ['web', random.next() < 0.5 ? 'returning' : 'new', `campaign-${whole(random, 4)}`] },
    rebates: { NS: ['0.05', String(1 + whole(random, 9)), '2.50'] },
    receipt: { B: Buffer.from(random.hex(48), 'hex') },
  };
}

/** The order after its next step: a further status and revision, and now and then another total. */
export function nextRevision(order: Order, random: Random): Order {
  const step = STATUSES.indexOf(order['status']?.S);
  const rebate = random.next() < 0.2 ? { total: { N: money(whole(random, 20_000)) } } : {};
  return revised(order, { ...rebate, status: { S: STATUSES[step + 1] ?? 'returned' } });
}

/** The order's key attributes. */
export function keyOf(order: Order): Order {
  const { customer_id, order_number } = order;
  if (!customer_id || !order_number) throw new TypeError('An order has a customer and a number');
  return { customer_id, order_number };
}

function newLine(random: Random) {
  const [sku, title, price] = pick(PRODUCTS, random);
  return { sku, title, price, quantity: 1 + whole(random, 4) };
}

function money(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

/** The shop's orders, with the time at which each is placed. */
export const ORDERS: ShopTable = {
  name: 'Orders',
  counted: (items) => counted(items, 'order'),
  share: 3,
  form: ordersTable,
  first: (serial, at, random) => ({
    ...newOrder(serial, random),
    placed_at: { S: new Date(at).toISOString() },
    deliver_on: { S: new Date(at + (2 + whole(random, 5)) * DAY_MS).toISOString().slice(0, 10) },
  }),
  next: nextRevision,
  keyOf,
};

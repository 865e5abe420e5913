import { keyOf, newOrder, type Order } from '../demo/orders.ts';
import type { Random } from '../src/random.ts';
import { canonicalDecimal } from '../src/value/decimal.ts';

/** Randomness that is the same in every run. Source: <https://en.wikipedia.org/wiki/Xorshift> */
export function seeded(seed = 1): Random {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return { next, hex: (digits) => Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join('') };
}

/** A Lambda event of MODIFY records with both images, parsed as Lambda parses it, and its mean bytes a record. */
export function lambdaEvent(
  recordCount: number,
  lines: number,
): { readonly event: LambdaEvent; readonly recordBytes: number } {
  const random = seeded();
  const text = JSON.stringify({
    Records: Array.from({ length: recordCount }, (_, index) => record(index, lines, random)),
  });
  return { event: JSON.parse(text) as LambdaEvent, recordBytes: Math.round(text.length / recordCount) };
}

export type LambdaEvent = {
  readonly Records: readonly {
    readonly eventID: string;
    readonly eventName: string;
    readonly eventSourceARN: string;
    readonly userIdentity?: { readonly principalId?: string };
    readonly dynamodb: {
      readonly ApproximateCreationDateTime: number;
      readonly Keys: Record<string, never>;
      readonly NewImage?: Record<string, never>;
      readonly OldImage?: Record<string, never>;
      readonly SequenceNumber: string;
    };
  }[];
};

/**
 * An order as DynamoDB sends it, with its numbers in their canonical spelling; and as the SDK's own conversion can carry
 * it, with numbers of up to 15 digits. It throws on the longer ones.
 */
function plainOrder(index: number, random: Random): Order {
  const { ledger_entry: _long, ...order } = newOrder(index, random);
  const text = JSON.stringify({ ...order, order_number: { N: String(20_260_000 + index) } });
  return JSON.parse(text, (name, value) => {
    if (name === 'N') return canonicalDecimal(value);
    return name === 'NS' ? value.map(canonicalDecimal) : value;
  }) as Order;
}

/** A line of an order, at a price of five digits or more: half of an event's numbers are that long. */
function dear(line: unknown, random: Random): unknown {
  const price = { N: canonicalDecimal((100 + random.next() * 9_900).toFixed(2)) };
  return JSON.parse(JSON.stringify(line), (name, value) => (name === 'price' ? price : value));
}

function record(index: number, lines: number, random: Random) {
  const image = () => {
    const order = plainOrder(index, random);
    const [line] = order['lines']?.L ?? [];
    return {
      ...order,
      receipt: { B: random.hex(32) },
      lines: { L: Array.from({ length: lines }, () => dear(line, random)) },
    };
  };
  const keys = keyOf(plainOrder(index, random));
  return {
    eventID: random.hex(32),
    eventName: 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-central-1',
    eventSourceARN: 'arn:aws:dynamodb:eu-central-1:123456789012:table/Orders/stream/2026-01-02T03:04:05.678',
    dynamodb: {
      ApproximateCreationDateTime: 1_767_323_045,
      Keys: keys,
      NewImage: image(),
      OldImage: image(),
      SequenceNumber: String(4_421_584_500_000_000_017_450_439_091n + BigInt(index)),
      SizeBytes: 1_000,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  };
}

import type { Random } from '../../../src/random.ts';
import { failureRecord, pipesRecord, snsEnvelope } from '../stream/failure-record.ts';
import { STREAM_ARN, streamRecord } from '../stream/record.ts';
import { PLANTED } from './planted-values.ts';

/** Where a value is: in an object under a name, or in a list at an index. */
type Slot = { readonly parent: Record<string, unknown> | unknown[]; readonly name: string };

type Mutation = (slot: Slot, random: Random, slots: readonly Slot[]) => void;

/** Deeper than any JSON of DynamoDB's, and deeper than the stack. */
const DEPTHS = [40, 150, 20_000];

/** Replacements: of other types, at the edges of their type, and of shapes that mean something elsewhere. */
const STRANGE: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => true,
  () => 0,
  () => -1,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => 1e308,
  () => 2 ** 53 + 2,
  () => '',
  () => PLANTED.text,
  () => `${PLANTED.text}\ud83d`,
  () => PLANTED.text.repeat(50_000),
  () => `"\\\u0000\n\u2028${PLANTED.text}`,
  () => [],
  () => [null],
  () => {},
  () => ({}),
  () => ({ S: PLANTED.text }),
  () => ({ N: PLANTED.text }),
  () => ({ S: PLANTED.text, N: PLANTED.number }),
  () => ({ NS: [PLANTED.number, PLANTED.number] }),
  () => ({ B: `${PLANTED.binary}!` }),
  () => ({ N: `${PLANTED.number}e99999999999` }),
  () => JSON.parse(`{"__proto__":{"S":"${PLANTED.text}"}}`),
  () => new Date(Number.NaN),
  () => new Date(8.64e15),
  () => Buffer.from(PLANTED.text),
];

/** Names that mean something to JavaScript, to DynamoDB or to a record. None of them is a value. */
const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'length',
  '',
  'S',
  'N',
  'M',
  'L',
  'SS',
  'NewImage',
  'Keys',
  '\ud800',
];

/** The fields by which a record is recognised, with values of other records. */
const TELLING: ReadonlyMap<string, readonly unknown[]> = new Map<string, readonly unknown[]>([
  ['eventName', ['INSERT', 'REMOVE', 'FOOBAR']],
  ['eventSource', ['aws:kinesis', undefined]],
  ['eventSourceARN', [STREAM_ARN.replace('Orders', 'Carts'), STREAM_ARN.replace('eu-', 'us-'), PLANTED.text]],
  ['ApproximateCreationDateTime', [Number.NaN, '2026-01-02T03:04:05Z', 253_402_300_800]],
  ['SequenceNumber', ['9'.repeat(41), '', 7]],
  ['StreamViewType', ['KEYS_ONLY', 'NEW_IMAGE']],
]);

const MUTATIONS: readonly Mutation[] = [
  (slot, random) => set(slot, pick(STRANGE, random)()),
  (slot, random, slots) => {
    const telling = slots.filter(({ name }) => TELLING.has(name));
    const one = telling.length === 0 ? slot : pick(telling, random);
    set(one, pick(TELLING.get(one.name) ?? [PLANTED.text], random));
  },
  (slot) => drop(slot),
  (slot, random) => set({ ...slot, name: pick(NAMES, random) }, get(slot)),
  (slot, random) => {
    const value = get(slot);
    drop(slot);
    set({ ...slot, name: pick(NAMES, random) }, value);
  },
  (slot, random, slots) => {
    const other = pick(slots, random);
    const value = get(slot);
    if (holds(value, other.parent) || holds(get(other), slot.parent)) return;
    set(slot, get(other));
    set(other, value);
  },
  (slot) => set(slot, [get(slot), get(slot)]),
  (slot, random) => set(slot, { [pick(NAMES, random)]: get(slot) }),
  (slot, random) => set(slot, nested(pick(DEPTHS, random), random.next() < 0.5)),
  (slot) => set(slot, textOf(get(slot))),
];

/** A Lambda event, mutated one to five times. The same randomness gives the same event. */
export function mutatedEvent(random: Random): unknown {
  return mutated({ Records: records(1 + Math.floor(random.next() * 3)) }, random);
}

/** The bytes of such an event, often damaged: cut off, with other bytes in it, or twice. */
export function mutatedBytes(random: Random): Buffer {
  return damaged(textOf(mutatedEvent(random)), random);
}

/** The text of a failure record, with or without payload and envelope, mutated and often damaged. */
export function mutatedFailureRecord(random: Random): string {
  const Records = records(1 + Math.floor(random.next() * 3));
  const range = { from: '1', to: pick(['1', '3', '6'], random), batchSize: pick([1, 3, 6], random) };
  const payload = textOf(random.next() < 0.5 ? { Records } : mutatedEvent(random));
  const record = pick([failureRecord, pipesRecord], random)(random.next() < 0.5 ? range : { ...range, payload });
  const inner = random.next() < 0.5 ? mutated(record, random) : record;
  const wrappings = [inner, { ...snsEnvelope(null), Message: textOf(inner) }, { Messages: [{ Body: textOf(inner) }] }];
  const wrapped = pick(wrappings, random);
  const text = textOf(random.next() < 0.3 ? mutated(wrapped, random) : wrapped);
  return random.next() < 0.3 ? damaged(text, random).toString() : text;
}

/** A value, mutated one to five times. */
function mutated(value: unknown, random: Random): unknown {
  const root: { value: unknown } = { value };
  const count = 1 + Math.floor(random.next() * 5);
  for (let mutation = 0; mutation < count; mutation++) {
    const slots = [...slotsIn(root)];
    if (slots.length === 0) break;
    pick(MUTATIONS, random)(pick(slots, random), random, slots);
  }
  return root.value;
}

function damaged(text: string, random: Random): Buffer {
  const bytes = Buffer.from(text);
  const at = Math.floor(random.next() * bytes.length);
  const damage = Math.floor(random.next() * 9);
  if (damage === 0) return bytes.subarray(0, at);
  if (damage === 1) return Buffer.concat([bytes, bytes]);
  if (damage === 2) return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff, 0xc3, 0x00]), bytes.subarray(at)]);
  if (damage === 3) return Buffer.concat([Buffer.from('\ufeff'), bytes]);
  if (damage === 4) return Buffer.from(text.replace(`"${PLANTED.text}"`, '['.repeat(50_000) + ']'.repeat(50_000)));
  if (damage === 5 && bytes.length > 0) bytes[at] = Math.floor(random.next() * 256);
  return bytes;
}

function records(count: number): unknown[] {
  return Array.from({ length: count }, (_, index) => {
    const keys = { id: { S: `${PLANTED.text}-${index}` }, sort: { N: PLANTED.number } };
    const image = {
      ...keys,
      text: { S: PLANTED.text },
      number: { N: PLANTED.number },
      binary: { B: PLANTED.binary },
      flag: { BOOL: true },
      nothing: { NULL: true },
      list: { L: [{ S: PLANTED.text }, { M: { inner: { N: PLANTED.number } } }] },
      texts: { SS: [PLANTED.text, 'a'] },
      numbers: { NS: [PLANTED.number, '1'] },
      binaries: { BS: [PLANTED.binary] },
    };
    const sequenceNumber = String(4_421_584_500_000_000_017_450_439_091n + BigInt(index));
    return structuredClone(streamRecord({ keys, newImage: image, oldImage: image, sequenceNumber }));
  });
}

/** Every slot in a value, from the outside in. A value that nests too deep is one slot. */
function* slotsIn(parent: object, depth = 0): Generator<Slot> {
  if (depth > 20 || parent instanceof Date || parent instanceof Uint8Array) return;
  for (const name of Object.keys(parent)) {
    const slot = { parent: parent as Slot['parent'], name };
    yield slot;
    const value = get(slot);
    if (typeof value === 'object' && value !== null) yield* slotsIn(value, depth + 1);
  }
}

function get({ parent, name }: Slot): unknown {
  return Reflect.get(parent, name);
}

function set({ parent, name }: Slot, value: unknown): void {
  // Defined, not assigned, so that __proto__ is a name like any other. A list's length can't be set.
  if (Array.isArray(parent) && !/^\d+$/.test(name)) return;
  Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
}

function drop({ parent, name }: Slot): void {
  Reflect.deleteProperty(parent, name);
}

function nested(depth: number, inLists: boolean): unknown {
  let value: unknown = { S: PLANTED.text };
  for (let level = 0; level < depth; level++) value = inLists ? { L: [value] } : { M: { a: value } };
  return value;
}

/** Whether a value contains a list or an object. An event has no circles. */
function holds(value: unknown, part: object): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value === part || [...slotsIn(value)].some(({ parent }) => parent === part);
}

/** A value as JSON, unless it nests deeper than JSON.stringify can go. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return `[${PLANTED.text}]`;
    throw error;
  }
}

function pick<T>(choices: readonly T[], random: Random): T {
  return choices[Math.floor(random.next() * choices.length)] as T;
}

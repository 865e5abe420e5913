import type { Random } from '../../../src/random.ts';
import { failureRecord, pipesRecord, snsEnvelope } from '../stream/failure-record.ts';
import { STREAM_ARN, streamRecord } from '../stream/record.ts';
import { PLANTED } from './planted-values.ts';

/** Something that stands in another, under a name or an index. */
type Place = { readonly parent: Record<string, unknown> | unknown[]; readonly name: string };

type Mutation = (place: Place, random: Random, places: readonly Place[]) => void;

/** Deeper than any JSON of DynamoDB's, and deeper than the stack. */
const DEPTHS = [40, 150, 20_000];

/** What stands instead: of other types, at the edges of theirs, and of shapes that mean something elsewhere. */
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

/** What a record is recognised by, and what it could be taken for. */
const TELLING: ReadonlyMap<string, readonly unknown[]> = new Map<string, readonly unknown[]>([
  ['eventName', ['INSERT', 'REMOVE', 'FOOBAR']],
  ['eventSource', ['aws:kinesis', undefined]],
  ['eventSourceARN', [STREAM_ARN.replace('Orders', 'Carts'), STREAM_ARN.replace('eu-', 'us-'), PLANTED.text]],
  ['ApproximateCreationDateTime', [Number.NaN, '2026-01-02T03:04:05Z', 253_402_300_800]],
  ['SequenceNumber', ['9'.repeat(41), '', 7]],
  ['StreamViewType', ['KEYS_ONLY', 'NEW_IMAGE']],
]);

const MUTATIONS: readonly Mutation[] = [
  (place, random) => set(place, pick(STRANGE, random)()),
  (place, random, places) => {
    const telling = places.filter(({ name }) => TELLING.has(name));
    const one = telling.length === 0 ? place : pick(telling, random);
    set(one, pick(TELLING.get(one.name) ?? [PLANTED.text], random));
  },
  (place) => drop(place),
  (place, random) => set({ ...place, name: pick(NAMES, random) }, get(place)),
  (place, random) => {
    const value = get(place);
    drop(place);
    set({ ...place, name: pick(NAMES, random) }, value);
  },
  (place, random, places) => {
    const other = pick(places, random);
    const value = get(place);
    if (holds(value, other.parent) || holds(get(other), place.parent)) return;
    set(place, get(other));
    set(other, value);
  },
  (place) => set(place, [get(place), get(place)]),
  (place, random) => set(place, { [pick(NAMES, random)]: get(place) }),
  (place, random) => set(place, nested(pick(DEPTHS, random), random.next() < 0.5)),
  (place) => set(place, textOf(get(place))),
];

/** An event as Lambda gives it, changed in one to five places. The same randomness gives the same event. */
export function mutatedEvent(random: Random): unknown {
  return mutated({ Records: records(1 + Math.floor(random.next() * 3)) }, random);
}

/** The bytes of such an event, or of what it is in other places, often damaged: cut off, with other bytes in it, twice. */
export function mutatedBytes(random: Random): Buffer {
  return damaged(textOf(mutatedEvent(random)), random);
}

/** The text of what a failure leaves behind, with an event or without, in an envelope or not; changed, often damaged. */
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

/** A value, changed in one to five places. */
function mutated(value: unknown, random: Random): unknown {
  const root: { value: unknown } = { value };
  const count = 1 + Math.floor(random.next() * 5);
  for (let mutation = 0; mutation < count; mutation++) {
    const places = [...placesIn(root)];
    if (places.length === 0) break;
    pick(MUTATIONS, random)(pick(places, random), random, places);
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

/** Every place in a value, from the outside in. What nests too deep is one place. */
function* placesIn(parent: object, depth = 0): Generator<Place> {
  if (depth > 20 || parent instanceof Date || parent instanceof Uint8Array) return;
  for (const name of Object.keys(parent)) {
    const place = { parent: parent as Place['parent'], name };
    yield place;
    const value = get(place);
    if (typeof value === 'object' && value !== null) yield* placesIn(value, depth + 1);
  }
}

function get({ parent, name }: Place): unknown {
  return Reflect.get(parent, name);
}

function set({ parent, name }: Place, value: unknown): void {
  // Defined and not assigned: __proto__ is to be a name like any other. The length of a list can't be.
  if (Array.isArray(parent) && !/^\d+$/.test(name)) return;
  Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
}

function drop({ parent, name }: Place): void {
  Reflect.deleteProperty(parent, name);
}

function nested(depth: number, inLists: boolean): unknown {
  let value: unknown = { S: PLANTED.text };
  for (let level = 0; level < depth; level++) value = inLists ? { L: [value] } : { M: { a: value } };
  return value;
}

/** Whether a list or an object stands somewhere in a value: an event has no circles. */
function holds(value: unknown, part: object): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value === part || [...placesIn(value)].some(({ parent }) => parent === part);
}

/** As JSON, unless it nests deeper than JSON's writer goes. */
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

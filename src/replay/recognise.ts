import { isObject } from '../value/is-object.ts';
import type { ReplayItem } from './replay-item.ts';
import { type Recognised, SHAPES, type Unrecognised } from './shapes.ts';
import { JsonPieces, MAX_VALUE_BYTES } from './text/json-pieces.ts';
import { type Piece, UnreadableText } from './text/piece.ts';
import { plainBytes } from './text/plain-text.ts';

export type { Recognised, Unrecognised } from './shapes.ts';

/** Envelopes within envelopes. A failure record of a topic, in a message, in an event of a bus, is half as deep. */
const MAX_DEPTH = 8;

/** The lists whose elements are recognised one by one, by their names. */
const LISTS = new Map(SHAPES.flatMap(({ list }) => (list ? [[list.name, list] as const] : [])));

/** Takes text apart for {@link recognisePiece}. */
export function pieces(): JsonPieces {
  return new JsonPieces(new Set(LISTS.keys()));
}

/**
 * Recognises a piece of JSON text by its shape ({@link SHAPES}), and takes the records or ranges out of it. Text within it
 * is opened in the same way: JSON, NDJSON, gzip.
 *
 * Pure and total: it throws nothing, and its problems quote no attribute value. Single records aren't checked: the stream
 * handler does that.
 */
export function recognisePiece(piece: Piece, depth = 0): Recognised | Unrecognised {
  const list = LISTS.get(piece.list ?? '');
  if (piece.lists.length > 0) return list ? { problem: 'is wrapped in too many lists' } : recogniseRest(piece, depth);
  if (piece.list === null) return recognise(piece.value, depth);
  const found = list ? list.take(piece.value, innerOf(depth)) : recognise(piece.value, depth);
  return 'problem' in found ? inList(found, list?.element ?? 'element', piece.index) : found;
}

/** As {@link recognisePiece}, of a whole JSON value. */
export function recognise(value: unknown, depth = 0): Recognised | Unrecognised {
  if (depth >= MAX_DEPTH) return { problem: 'is wrapped in too many envelopes' };
  if (typeof value === 'string') return recogniseText(value, depth + 1);
  if (Array.isArray(value)) return recogniseAll(value, 'element', (element) => recognise(element, depth + 1));
  if (!isObject(value)) return { problem: 'is not a JSON object' };
  if ('KinesisBatchInfo' in value) return { problem: "is a failure record of a Kinesis stream, not of a table's" };
  const shape = SHAPES.find(({ fits }) => fits(value));
  if (!shape) return { problem: 'is of no shape that can be replayed' };
  const inner = innerOf(depth);
  const found = shape.take(value, inner);
  const { list } = shape;
  if (!list || 'problem' in found) return found;
  return recogniseAll(value[list.name] as readonly unknown[], list.element, (element) => list.take(element, inner));
}

/** As {@link recognisePiece}, of text in memory. */
export function recogniseText(text: string | Uint8Array, depth = 0): Recognised | Unrecognised {
  if (depth >= MAX_DEPTH) return { problem: 'is wrapped in too many envelopes' };
  try {
    const reader = pieces();
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    const found = [...reader.push(plainBytes(bytes, MAX_VALUE_BYTES)), ...reader.end()];
    if (found.length === 0) return { problem: 'is empty' };
    const all: Found[] = [];
    for (const piece of found) {
      const one = recognisePiece(piece, depth);
      if ('problem' in one) return one;
      all.push({ ...one, group: isRecord(one, piece.value) ? piece.group : null });
    }
    return joined(all);
  } catch (error) {
    if (error instanceof UnreadableText) return { problem: error.problem };
    throw error;
  }
}

/** An object whose lists were recognised before it: its shape must have such a list, and no other. */
function recogniseRest({ value, lists }: Piece, depth: number): Recognised | Unrecognised {
  if (!isObject(value)) return { problem: 'is not a JSON object' };
  const shape = SHAPES.find(({ fits }) => fits(value));
  const other = lists.find((name) => name !== shape?.list?.name);
  return other === undefined ? recognise(value, depth) : { problem: `has ${other} where none are expected` };
}

function recogniseAll(
  list: readonly unknown[],
  name: string,
  take: (element: unknown) => Recognised | Unrecognised,
): Recognised | Unrecognised {
  const all: Found[] = [];
  for (const [index, element] of list.entries()) {
    const found = take(element);
    if ('problem' in found) return inList(found, name, index);
    all.push({ ...found, group: isRecord(found, element) ? 0 : null });
  }
  return joined(all);
}

/** Whether a value is itself a record, and no envelope of one. */
export function isRecord({ items }: Recognised, value: unknown): boolean {
  const [item] = items;
  return item?.of === 'records' && item.records[0] === value;
}

/** Items, with the number of the list in which they stood as records; `null` for items from an envelope. */
type Found = Recognised & { readonly group: number | null };

/** Joins the records that stood in one list to one item: Lambda delivered them together. */
function joined(all: readonly Found[]): Recognised {
  const items: ReplayItem[] = [];
  let last: { readonly group: number; readonly records: unknown[] } | undefined;
  for (const { items: found, group } of all) {
    for (const item of found) {
      if (item.of === 'range' || group === null) {
        last = undefined;
        items.push(item);
      } else if (last?.group === group) {
        last.records.push(...item.records);
      } else {
        last = { group, records: [...item.records] };
        items.push({ ...item, records: last.records });
      }
    }
  }
  return { items };
}

function inList({ problem }: Unrecognised, element: string, index: number): Unrecognised {
  return { problem: `holds ${element} ${index}, which ${problem}` };
}

function innerOf(depth: number) {
  return (value: unknown): Recognised | Unrecognised => {
    const isText = typeof value === 'string' || value instanceof Uint8Array;
    return isText ? recogniseText(value, depth + 1) : recognise(value, depth + 1);
  };
}

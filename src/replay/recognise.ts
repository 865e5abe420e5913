import { isObject } from '../value/is-object.ts';
import type { ReplayItem } from './replay-item.ts';
import { type Recognised, SHAPES, type Unrecognised } from './shapes.ts';
import { JsonPieces, MAX_VALUE_BYTES } from './text/json-pieces.ts';
import { type Piece, UnreadableText } from './text/piece.ts';
import { plainBytes } from './text/plain-text.ts';

export type { Recognised, Unrecognised } from './shapes.ts';

/** Envelopes within envelopes: a failure record of a topic, in a message, in an event of a bus, is half as deep. */
const MAX_DEPTH = 8;

/** The lists whose elements are recognised one by one, by their names. */
const LISTS = new Map(SHAPES.flatMap(({ list }) => (list ? [[list.name, list] as const] : [])));

/** Takes text apart for {@link recognisePiece}. */
export function pieces(): JsonPieces {
  return new JsonPieces(new Set(LISTS.keys()));
}

/**
 * Finds out by itself what a piece of JSON text is, by {@link SHAPES}, and takes the records or ranges out of it. Text
 * within it is opened in the same way, whatever it is: JSON, NDJSON, gzip.
 *
 * Pure and total: whatever it is given, it gives one or the other and throws nothing. What it says holds no attribute
 * value. Single records aren't looked at: that is for who delivers them.
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
  if (!isObject(value)) return { problem: 'is no JSON object' };
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
      all.push({ ...one, batch: isRecord(one, piece.value) ? piece.group : null });
    }
    return gathered(all);
  } catch (error) {
    if (error instanceof UnreadableText) return { problem: error.problem };
    throw error;
  }
}

/** An object whose lists were recognised before it: it must be what has such a list, and no other. */
function recogniseRest({ value, lists }: Piece, depth: number): Recognised | Unrecognised {
  if (!isObject(value)) return { problem: 'is no JSON object' };
  const shape = SHAPES.find(({ fits }) => fits(value));
  const other = lists.find((name) => name !== shape?.list?.name);
  return other === undefined ? recognise(value, depth) : { problem: `has ${other} where they mean nothing` };
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
    all.push({ ...found, batch: isRecord(found, element) ? 0 : null });
  }
  return gathered(all);
}

/** Whether a value is itself the record that it was recognised as, and carries none. */
export function isRecord({ items }: Recognised, value: unknown): boolean {
  const [item] = items;
  return item?.of === 'records' && item.records[0] === value;
}

/** What was found, with the number of the list in which it stood as a record; `null` for what carried its own. */
type Found = Recognised & { readonly batch: number | null };

/** Everything together. Records that stand in one list are one item, as they were one batch. */
function gathered(all: readonly Found[]): Recognised {
  const items: ReplayItem[] = [];
  let last: { readonly batch: number; readonly records: unknown[] } | undefined;
  for (const { items: found, batch } of all) {
    for (const item of found) {
      if (item.of === 'range' || batch === null) {
        last = undefined;
        items.push(item);
      } else if (last?.batch === batch) {
        last.records.push(...item.records);
      } else {
        last = { batch, records: [...item.records] };
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

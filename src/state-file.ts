import { isObject } from './value/is-object.ts';

/** What is wrong with a file, to end a sentence with. It may name a field and never holds a value. */
export type FileProblem = { readonly problem: string };

/**
 * Reads one value of a file's JSON.
 *
 * @param value `undefined` if the field is absent.
 * @param path Where the value stands, such as `shards.0.id`.
 * @throws {WrongField} if the value is something else.
 */
export type FieldReader<T> = (value: unknown, path: string) => T;

/** A field that doesn't hold what it must; the message is its path. */
export class WrongField extends Error {}

/** Reads what `fits`. */
export function fitting<T>(fits: (value: unknown) => value is T): FieldReader<T> {
  return (value, path) => {
    if (fits(value)) return value;
    throw new WrongField(path);
  };
}

export const textField = fitting((value) => typeof value === 'string');

/** Text that isn't empty. */
export const nameField = fitting((value): value is string => typeof value === 'string' && value !== '');

export const flagField = fitting((value) => typeof value === 'boolean');

/** A whole number from 0 on. */
export const countField = fitting((value): value is number => Number.isSafeInteger(value) && Number(value) >= 0);

/** A number from 0 on. */
export const amountField = fitting((value): value is number => typeof value === 'number' && value >= 0);

/** A time as `Date.toISOString` writes it. */
export const isoTimeField = fitting((value): value is string => {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString() === value;
});

/** The same in milliseconds since the epoch. */
export const timeField: FieldReader<number> = (value, path) => Date.parse(isoTimeField(value, path));

/** One of a few texts. */
export function oneOf<T extends string>(...texts: readonly T[]): FieldReader<T> {
  return fitting((value): value is T => texts.some((one) => one === value));
}

export function nullable<T>(read: FieldReader<T>): FieldReader<T | null> {
  return (value, path) => (value === null ? null : read(value, path));
}

/** A field that may be absent; it is `absent` then. */
export function optional<T, Absent>(read: FieldReader<T>, absent: Absent): FieldReader<T | Absent> {
  return (value, path) => (value === undefined ? absent : read(value, path));
}

export function list<T>(read: FieldReader<T>): FieldReader<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw new WrongField(path);
    return value.map((element, index) => read(element, `${path}.${index}`));
  };
}

/** An object with these fields. Other fields are passed over. */
export function fields<Shape extends Readonly<Record<string, FieldReader<unknown>>>>(
  shape: Shape,
): FieldReader<{ readonly [Name in keyof Shape]: ReturnType<Shape[Name]> }> {
  return (value, path) => {
    if (!isObject(value)) throw new WrongField(path);
    const entries = Object.entries(shape).map(([field, read]) => {
      return [field, read(value[field], path === '' ? field : `${path}.${field}`)];
    });
    return Object.fromEntries(entries);
  };
}

/** Reads a JSON value, or gives the path of the first field that is wrong; the path of the value itself is empty. */
export function readFields<T>(
  value: unknown,
  read: FieldReader<T>,
): { readonly value: T } | { readonly wrong: string } {
  try {
    return { value: read(value, '') };
  } catch (error) {
    if (error instanceof WrongField) return { wrong: error.message };
    throw error;
  }
}

/** Reads a checkpoint from its file's text, if the file is of this format. */
export function readCheckpointText<T>(text: string, format: string, read: FieldReader<T>): T | FileProblem {
  const json = parseJson(text);
  if (json === undefined) return { problem: 'is not JSON' };
  if (!isObject(json) || typeof json['format'] !== 'string') return { problem: 'is not a checkpoint' };
  if (json['format'] !== format) return { problem: `has another format than ${format}` };
  const found = readFields(json, read);
  return 'wrong' in found ? { problem: `has a wrong ${found.wrong}` } : found.value;
}

/** The value of JSON text; `undefined` if it isn't JSON. The parser's own message is dropped: it quotes the text. */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

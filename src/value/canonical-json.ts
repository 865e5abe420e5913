import { TailraceError } from '../errors.ts';
import { canonicalBase64 } from './base64.ts';
import { canonicalDecimal, compareDecimals, jsonOfDecimal } from './decimal.ts';

/** DynamoDB nests 32 levels deep; garbage beyond three times that is refused before the stack is. */
const MAX_DEPTH = 100;

/**
 * Writes an item (a map of attribute values) as canonical JSON text, in one pass.
 *
 * Equal items give equal text: names stand in code-unit order without white space, sets are arrays in order (SS and BS
 * by code unit, NS by value), binary is base64 text, and numbers are exact (see {@link jsonOfDecimal}). Every name is
 * kept as it is, `__proto__` and the empty name included.
 *
 * @param path Where `item` stands in its record, such as `NewImage`; errors name the place below it.
 * @throws {TailraceError} `record-invalid` for whatever isn't a DynamoDB item, with the path and never a value.
 */
export function canonicalJson(item: unknown, path: string): string {
  return writeMap(item, path, 0);
}

function writeMap(map: unknown, path: string, depth: number): string {
  if (!isObject(map)) throw invalid(path, 'a map of attribute values');
  let text = '{';
  for (const name of Object.keys(map).sort()) {
    text += text.length === 1 ? '' : ',';
    text += `${quote(name, path, 'name')}:${writeValue(map[name], path, name, depth)}`;
  }
  return `${text}}`;
}

function writeValue(value: unknown, parent: string, step: string | number, depth: number): string {
  if (depth > MAX_DEPTH) throw invalid(parent, `at most ${MAX_DEPTH} levels of nesting`);
  const type = typeOf(value);
  if (type === undefined) throw invalid(join(parent, step), 'an attribute value of exactly one type');
  const inner = (value as Record<string, unknown>)[type];
  switch (type) {
    case 'S':
      if (typeof inner !== 'string') break;
      return quote(inner, parent, step);
    case 'N':
      return jsonOfDecimal(decimal(inner, parent, step));
    case 'BOOL':
      if (typeof inner !== 'boolean') break;
      return inner ? 'true' : 'false';
    case 'NULL':
      // DynamoDB only ever has NULL: true; some servers answer false, and mean the same.
      if (typeof inner !== 'boolean') break;
      return 'null';
    case 'M':
      return writeMap(inner, join(parent, step), depth + 1);
    case 'L':
      return writeList(inner, join(parent, step), depth + 1);
    case 'B':
      return `"${base64(inner, parent, step)}"`;
    case 'SS':
      return writeSet(inner, parent, step, (member, path, index) => quote(member, path, index), byCodeUnit, same);
    case 'NS':
      return writeSet(inner, parent, step, decimal, compareDecimals, jsonOfDecimal);
    case 'BS':
      return writeSet(inner, parent, step, base64, byCodeUnit, (text) => `"${text}"`);
  }
  throw invalid(join(parent, step), `${type} of the right kind`);
}

function writeList(list: unknown, path: string, depth: number): string {
  if (!Array.isArray(list)) throw invalid(path, 'L of the right kind');
  let text = '[';
  for (let index = 0; index < list.length; index++) {
    text += (index === 0 ? '' : ',') + writeValue(list[index], path, index, depth);
  }
  return `${text}]`;
}

function writeSet(
  members: unknown,
  parent: string,
  step: string | number,
  read: (member: unknown, path: string, index: number) => string,
  compare: (a: string, b: string) => number,
  write: (member: string) => string,
): string {
  const path = join(parent, step);
  if (!Array.isArray(members)) throw invalid(path, 'a set of the right kind');
  return `[${members
    .map((member, index) => read(member, path, index))
    .sort(compare)
    .map(write)
    .join(',')}]`;
}

const TYPES = new Set(['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS']);

/** The one type of an attribute value, or `undefined` if there is none, more than one, or one that is unknown. */
function typeOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  let type: string | undefined;
  for (const name in value) {
    if (type !== undefined) return undefined;
    type = name;
  }
  return type !== undefined && TYPES.has(type) ? type : undefined;
}

/** The canonical decimal of an N. */
export function decimal(value: unknown, parent: string, step: string | number): string {
  const text = typeof value === 'string' ? canonicalDecimal(value) : undefined;
  if (text === undefined) throw invalid(join(parent, step), 'a number as decimal text');
  return text;
}

/** The base64 text of a B. */
export function base64(value: unknown, parent: string, step: string | number): string {
  const text = canonicalBase64(value);
  if (text === undefined) throw invalid(join(parent, step), 'binary as bytes or base64 text');
  return text;
}

/** The JSON string of a text. What no JSON engine takes back, a lone surrogate, is refused. */
export function quote(text: unknown, parent: string, step: string | number): string {
  if (typeof text !== 'string') throw invalid(join(parent, step), 'text');
  if (!text.isWellFormed()) throw invalid(join(parent, step), 'text without lone surrogates');
  return JSON.stringify(text);
}

/** `parent` and one step below it: a name after a dot, an index in brackets. */
export function join(parent: string, step: string | number): string {
  return typeof step === 'number' ? `${parent}[${step}]` : `${parent}.${step.toWellFormed()}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function invalid(path: string, expected: string): TailraceError {
  return new TailraceError('record-invalid', `${path} is not ${expected}`, { context: { path } });
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function same(text: string): string {
  return text;
}

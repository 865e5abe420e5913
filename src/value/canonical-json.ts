import { TailraceError } from '../errors.ts';
import { canonicalBase64 } from './base64.ts';
import { canonicalDecimal, isGreater } from './decimal.ts';
import { type Digest, digestOf } from './digest.ts';
import { isObject } from './is-object.ts';
import { jsonOfDecimal } from './json-number.ts';
import { type NameNode, NameOrder } from './name-order.ts';
import { isAfter, sortFew } from './sort.ts';
import { Utf8Writer } from './utf8-writer.ts';

/** DynamoDB nests 32 levels deep; garbage beyond three times that is refused before the stack is. */
const MAX_DEPTH = 100;
/** More values than most items have open at a time. */
const USUAL_VALUES = 256;
/** Names of the largest map whose sequence is learnt. A larger one is keyed by ids, which no other map repeats. */
const MAX_FOLLOWED = 1_000;

const COMMA = 0x2c;
const COLON = 0x3a;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/** Nothing below is asynchronous: items are written one at a time, with one set of buffers. */
const out = new Utf8Writer(64 * 1024);
const order = new NameOrder();
/** Values of the open maps, each map's in their original sequence. */
const values: unknown[] = [];
/** Names and indexes on the path to the value being written. Entries beyond its depth are stale. */
const steps: (string | number)[] = [];

/**
 * Writes an item (a map of attribute values) as canonical JSON text, in one pass.
 *
 * Equal items give equal text: names stand in code-unit order without white space, sets are arrays in order (SS and BS
 * by code unit, NS by value), binary is base64 text, and numbers are exact (see {@link jsonOfDecimal}). Every name
 * stays as it is, `__proto__` and the empty name included.
 *
 * ```text
 * { total: { N: "12.50" }, id: { S: "a" } }  →  {"id":"a","total":12.5}
 * ```
 *
 * @param path Where `item` stands in its record, such as `NewImage`; errors name the path below it.
 * @throws {TailraceError} `record-invalid` for anything that isn't a DynamoDB item, with the path and never a value.
 */
export function canonicalJson(item: unknown, path: string): string {
  write(item, path);
  return out.toString();
}

/** The canonical text of an item and its digest. Throws as {@link canonicalJson} does. */
export function canonicalItem(item: unknown, path: string): { readonly text: string; readonly digest: Digest } {
  write(item, path);
  return { text: out.toString(), digest: digestOf(out.view) };
}

/** The digest of an item's canonical text. Throws as {@link canonicalJson} does. */
export function canonicalDigest(item: unknown, path: string): Digest {
  write(item, path);
  return digestOf(out.view);
}

function write(item: unknown, path: string): void {
  out.cut(0);
  steps[0] = path;
  try {
    writeMap(item, 1, 0);
  } finally {
    // Neither the last item stays in memory, nor the room that one of very many names took.
    if (values.length > USUAL_VALUES) values.length = 0;
    else values.fill(undefined);
  }
}

/**
 * @param depth Steps down to the map.
 * @param first Index into `values` from which the map's own values go.
 */
function writeMap(map: unknown, depth: number, first: number): void {
  if (!isObject(map)) throw invalid(depth, 'a map of attribute values');
  let node = order.root;
  let end = first;
  for (const name in map) {
    if (end - first === MAX_FOLLOWED) {
      writeLargeMap(map, depth, end);
      return;
    }
    const usual = node.usual;
    node = usual !== undefined && usual.name === name ? usual : follow(node, name, depth);
    values[end++] = map[name];
  }
  if (end === first) {
    out.ascii('{}');
    return;
  }
  const sorted = node.sorted ?? order.sort(node);
  for (let index = 0; index < sorted.length; index++) {
    const next = sorted[index] as NameNode;
    steps[depth] = next.name;
    const known = index === 0 ? next.opening : next.following;
    if (known !== undefined) out.words(known, next.length);
    else writeName(next, index === 0 ? OPENING_BRACE : COMMA);
    writeValue(values[first + next.index], depth + 1, end);
  }
  out.byte(CLOSING_BRACE);
}

/** Writes a map whose names aren't worth learning. */
function writeLargeMap(map: Readonly<Record<string, unknown>>, depth: number, free: number): void {
  const names = Object.keys(map).sort();
  for (const [index, name] of names.entries()) {
    steps[depth] = name;
    out.byte(index === 0 ? OPENING_BRACE : COMMA);
    if (!out.jsonString(name)) throw invalid(depth + 1, WELL_NAMED);
    out.byte(COLON);
    writeValue(map[name], depth + 1, free);
  }
  out.byte(CLOSING_BRACE);
}

function follow(node: NameNode, name: string, depth: number): NameNode {
  const next = order.follow(node, name);
  if (next) return next;
  steps[depth] = name;
  throw invalid(depth + 1, WELL_NAMED);
}

const WELL_NAMED = 'named by text without lone surrogates';

function writeName(node: NameNode, before: number): void {
  order.meet(node);
  out.byte(before);
  out.jsonString(node.name);
  out.byte(COLON);
}

function writeValue(value: unknown, depth: number, free: number): void {
  if (depth > MAX_DEPTH) throw invalid(depth, `within ${MAX_DEPTH} levels of nesting`);
  let type: string | undefined;
  let inner: unknown;
  if (typeof value === 'object') {
    for (const name in value) {
      if (type !== undefined) throw invalid(depth, ONE_TYPE);
      type = name;
      inner = (value as Record<string, unknown>)[name];
    }
  }
  switch (type) {
    case 'S':
      writeText(inner, depth);
      break;
    case 'N':
      out.ascii(jsonOfDecimal(readDecimal(inner, depth)));
      break;
    case 'M':
      writeMap(inner, depth, free);
      break;
    case 'L':
      writeList(inner, depth, free);
      break;
    case 'BOOL':
      if (typeof inner !== 'boolean') throw invalid(depth, 'a BOOL of true or false');
      out.ascii(inner ? 'true' : 'false');
      break;
    case 'NULL':
      // DynamoDB only ever has NULL: true; some servers answer false, and mean the same.
      if (typeof inner !== 'boolean') throw invalid(depth, 'a NULL of true');
      out.ascii('null');
      break;
    case 'B':
      out.jsonString(readBase64(inner, depth));
      break;
    case 'SS':
    case 'NS':
    case 'BS':
      writeSet(inner, type, depth);
      break;
    default:
      throw invalid(depth, ONE_TYPE);
  }
}

const ONE_TYPE = 'an attribute value of exactly one type';

function writeList(list: unknown, depth: number, free: number): void {
  if (!Array.isArray(list)) throw invalid(depth, 'a list');
  out.byte(OPENING_BRACKET);
  for (let index = 0; index < list.length; index++) {
    if (index > 0) out.byte(COMMA);
    steps[depth] = index;
    writeValue(list[index], depth + 1, free);
  }
  out.byte(CLOSING_BRACKET);
}

/** Writes a set as a sorted list. Members are checked before they are sorted, so that errors name the right index. */
function writeSet(list: unknown, type: 'SS' | 'NS' | 'BS', depth: number): void {
  if (!Array.isArray(list)) throw invalid(depth, 'a set');
  const texts: string[] = list.slice();
  for (let index = 0; index < texts.length; index++) {
    steps[depth] = index;
    texts[index] = readMember(texts[index], type, depth + 1);
  }
  sortFew(texts, type === 'NS' ? isGreater : isAfter);
  out.byte(OPENING_BRACKET);
  for (let index = 0; index < texts.length; index++) {
    if (index > 0) out.byte(COMMA);
    const text = texts[index] as string;
    if (type === 'NS') out.ascii(jsonOfDecimal(text));
    else out.jsonString(text);
  }
  out.byte(CLOSING_BRACKET);
}

function readMember(member: unknown, type: 'SS' | 'NS' | 'BS', depth: number): string {
  if (type === 'NS') return readDecimal(member, depth);
  if (type === 'BS') return readBase64(member, depth);
  if (typeof member === 'string' && member.isWellFormed()) return member;
  throw invalid(depth, WELL_FORMED);
}

function writeText(text: unknown, depth: number): void {
  if (typeof text !== 'string' || !out.jsonString(text)) throw invalid(depth, WELL_FORMED);
}

const WELL_FORMED = 'text without lone surrogates';

function readDecimal(value: unknown, depth: number): string {
  const text = typeof value === 'string' ? canonicalDecimal(value) : undefined;
  if (text === undefined) throw invalid(depth, 'a number as decimal text');
  return text;
}

function readBase64(value: unknown, depth: number): string {
  const text = canonicalBase64(value);
  if (text === undefined) throw invalid(depth, 'binary as bytes or base64 text');
  return text;
}

function invalid(depth: number, expected: string): TailraceError {
  const path = steps
    .slice(1, depth)
    .reduce<string>(
      (parent, step) => (typeof step === 'number' ? `${parent}[${step}]` : `${parent}.${step.toWellFormed()}`),
      String(steps[0]),
    );
  return new TailraceError('record-invalid', `${path} is not ${expected}`, { context: { path } });
}

import { TailraceError } from '../errors.ts';
import { canonicalBase64 } from './base64.ts';
import { canonicalDecimal, compareDecimals, jsonOfDecimal } from './decimal.ts';
import { isObject } from './is-object.ts';
import { jsonText } from './json-text.ts';
import { compareText, sortByCodeUnit } from './sort.ts';

/**
 * Writes an item (a map of attribute values) as canonical JSON text, in one pass.
 *
 * Equal items give equal text: names stand in code-unit order without white space, sets are arrays in order (SS and BS
 * by code unit, NS by value), binary is base64 text, and numbers are exact (see {@link jsonOfDecimal}). Every name is
 * kept as it is, `__proto__` and the empty name included.
 *
 * ```text
 * { total: { N: "12.50" }, id: { S: "a" } }  →  {"id":"a","total":12.5}
 * ```
 *
 * @param path Where `item` stands in its record, such as `NewImage`; errors name the place below it.
 * @throws {TailraceError} `record-invalid` for whatever isn't a DynamoDB item, with the path and never a value.
 */
export function canonicalJson(item: unknown, path: string): string {
  return writeMap(item, [path]);
}

/** Names and indexes down to where the writer is, so that a path costs nothing until an error names it. */
type Steps = (string | number)[];

/** DynamoDB nests 32 levels deep; garbage beyond three times that is refused before the stack is. */
const MAX_DEPTH = 100;

function writeMap(map: unknown, steps: Steps): string {
  if (!isObject(map)) throw invalid(steps, 'a map of attribute values');
  let text = '{';
  let separator = '';
  for (const name of sortByCodeUnit(Object.keys(map))) {
    steps.push(name);
    text += separator + writeName(name, steps) + writeValue(map[name], steps);
    separator = ',';
    steps.pop();
  }
  return `${text}}`;
}

/** A table repeats its attribute names in every item, so each is quoted once; bounded for maps that are keyed by ids. */
const MAX_QUOTED_NAMES = 10_000;
const quotedNames = new Map<string, string>();

/** The name's JSON string and a colon. */
function writeName(name: string, steps: Steps): string {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const text = jsonText(name);
  if (text === undefined) throw invalid(steps, 'named by text without lone surrogates');
  if (quotedNames.size >= MAX_QUOTED_NAMES) quotedNames.clear();
  quotedNames.set(name, `${text}:`);
  return `${text}:`;
}

function writeValue(value: unknown, steps: Steps): string {
  if (steps.length > MAX_DEPTH) throw invalid(steps, `within ${MAX_DEPTH} levels of nesting`);
  const type = onlyName(value);
  const inner = type === undefined ? undefined : (value as Record<string, unknown>)[type];
  switch (type) {
    case 'S':
      return readText(inner, steps);
    case 'N':
      return jsonOfDecimal(readDecimal(inner, steps));
    case 'M':
      return writeMap(inner, steps);
    case 'L':
      return writeList(inner, steps);
    case 'BOOL':
      if (typeof inner !== 'boolean') throw invalid(steps, 'a BOOL of true or false');
      return inner ? 'true' : 'false';
    case 'NULL':
      // DynamoDB only ever has NULL: true; some servers answer false, and mean the same.
      if (typeof inner !== 'boolean') throw invalid(steps, 'a NULL of true');
      return 'null';
    case 'B':
      return `"${readBase64(inner, steps)}"`;
    case 'SS':
      // Sorted as the texts are, not as their JSON strings would be.
      members(inner, steps, readText);
      return `[${(inner as string[]).toSorted(compareText).map(jsonText)}]`;
    case 'NS':
      return `[${members(inner, steps, readDecimal).sort(compareDecimals).map(jsonOfDecimal)}]`;
    case 'BS':
      return `[${members(inner, steps, readBase64).sort(compareText).map(jsonText)}]`;
    default:
      throw invalid(steps, 'an attribute value of exactly one type');
  }
}

function writeList(list: unknown, steps: Steps): string {
  if (!Array.isArray(list)) throw invalid(steps, 'a list');
  let text = '[';
  let separator = '';
  for (let index = 0; index < list.length; index++) {
    steps.push(index);
    text += separator + writeValue(list[index], steps);
    separator = ',';
    steps.pop();
  }
  return `${text}]`;
}

/** The members of a set, each as `read` gives it. */
function members(list: unknown, steps: Steps, read: (member: unknown, steps: Steps) => string): string[] {
  if (!Array.isArray(list)) throw invalid(steps, 'a set');
  const texts: string[] = [];
  for (let index = 0; index < list.length; index++) {
    steps.push(index);
    texts.push(read(list[index], steps));
    steps.pop();
  }
  return texts;
}

function readText(value: unknown, steps: Steps): string {
  const text = typeof value === 'string' ? jsonText(value) : undefined;
  if (text === undefined) throw invalid(steps, 'text without lone surrogates');
  return text;
}

function readDecimal(value: unknown, steps: Steps): string {
  const text = typeof value === 'string' ? canonicalDecimal(value) : undefined;
  if (text === undefined) throw invalid(steps, 'a number as decimal text');
  return text;
}

function readBase64(value: unknown, steps: Steps): string {
  const text = canonicalBase64(value);
  if (text === undefined) throw invalid(steps, 'binary as bytes or base64 text');
  return text;
}

/** The name of an object's only property, or `undefined` if it is no object, or has none or more. */
function onlyName(value: unknown): string | undefined {
  if (typeof value !== 'object') return undefined;
  let only: string | undefined;
  for (const name in value) {
    if (only !== undefined) return undefined;
    only = name;
  }
  return only;
}

function invalid([root = '', ...steps]: Steps, expected: string): TailraceError {
  const path = steps.reduce<string>(
    (parent, step) => (typeof step === 'number' ? `${parent}[${step}]` : `${parent}.${step.toWellFormed()}`),
    String(root),
  );
  return new TailraceError('record-invalid', `${path} is not ${expected}`, { context: { path } });
}

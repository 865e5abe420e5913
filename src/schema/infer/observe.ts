import { TailraceError } from '../../errors.ts';
import { canonicalBase64 } from '../../value/base64.ts';
import { canonicalDecimal } from '../../value/decimal.ts';
import { isObject } from '../../value/is-object.ts';
import { parseSpelled, SpelledNumber } from './exact-json.ts';
import type { PathFacts } from './path-facts.ts';

/** Steps into an item that are followed. What is deeper is one JSON column. */
const MAX_DEPTH = 8;

/** JSON within text that is looked into, in characters. Beyond, it is text. */
const MAX_JSON = 100_000;

/** Adds a value, in one of the forms that items have, to what is known of its path. */
export type Observe = (facts: PathFacts, value: unknown, depth: number) => void;

/**
 * Adds an attribute value: what a table and its exports have. The facts are those of the JSON that a destination has of it.
 *
 * @throws {TailraceError} `record-invalid` if it is none of DynamoDB.
 */
export const observeAttribute: Observe = (facts, value, depth) => {
  let type: string | undefined;
  let inner: unknown;
  if (typeof value === 'object') {
    for (const name in value) {
      if (type !== undefined) throw invalid();
      type = name;
      inner = (value as Record<string, unknown>)[name];
    }
  }
  switch (type) {
    case 'S':
      if (typeof inner !== 'string') throw invalid();
      return observeText(facts, inner, depth);
    case 'N':
      return facts.addNumber(decimalOf(inner));
    case 'BOOL':
      facts.bools++;
      return;
    case 'NULL':
      facts.nulls++;
      return;
    case 'M':
      return observeMap(facts, inner, depth, observeAttribute);
    case 'L':
      return observeList(facts, inner, depth, observeAttribute);
    case 'B':
      return observeText(facts, base64Of(inner), depth);
    case 'SS':
      return observeList(facts, inner, depth, observeJson);
    case 'NS':
      return observeList(facts, inner, depth, observeDecimal);
    case 'BS':
      return observeList(facts, inner, depth, observeBase64);
    default:
      throw invalid();
  }
};

const observeDecimal: Observe = (facts, value) => facts.addNumber(decimalOf(value));

const observeBase64: Observe = (facts, value, depth) => observeText(facts, base64Of(value), depth);

/** Adds a value of JSON: what a destination has of an attribute, or plain JSON. */
export const observeJson: Observe = (facts, value, depth) => {
  if (typeof value === 'string') observeText(facts, value, depth);
  else if (typeof value === 'number') facts.addNumber(String(value));
  else if (typeof value === 'boolean') facts.bools++;
  else if (value instanceof SpelledNumber) facts.addSpelled(value.text);
  else if (Array.isArray(value)) observeList(facts, value, depth, observeJson);
  else if (isObject(value)) observeMap(facts, value, depth, observeJson);
  else facts.nulls++;
};

function observeText(facts: PathFacts, text: string, depth: number): void {
  if (!facts.addText(text) || facts.inside === null) return;
  const parsed = depth < MAX_DEPTH && text.length <= MAX_JSON ? parsedJson(text) : undefined;
  if (parsed === undefined) facts.inside = null;
  else {
    facts.inside ??= facts.another();
    observeJson(facts.inside, parsed, depth + 1);
  }
}

function parsedJson(text: string): unknown {
  try {
    return parseSpelled(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function observeMap(facts: PathFacts, map: unknown, depth: number, observe: Observe): void {
  if (!isObject(map)) throw invalid();
  facts.maps++;
  if (depth >= MAX_DEPTH) facts.members = null;
  if (facts.members === null) return;
  let isEmpty = true;
  for (const name in map) {
    isEmpty = false;
    const member = facts.member(name);
    if (member === undefined) return;
    observe(member, map[name], depth + 1);
  }
  if (isEmpty) facts.emptyMaps++;
}

function observeList(facts: PathFacts, list: unknown, depth: number, observe: Observe): void {
  if (!Array.isArray(list)) throw invalid();
  facts.lists++;
  if (list.length === 0) return;
  const element = facts.element();
  for (const value of list) observe(element, value, depth + 1);
}

function decimalOf(value: unknown): string {
  const text = typeof value === 'string' ? canonicalDecimal(value) : undefined;
  if (text === undefined) throw invalid();
  return text;
}

function base64Of(value: unknown): string {
  const text = canonicalBase64(value);
  if (text === undefined) throw invalid();
  return text;
}

function invalid(): TailraceError {
  return new TailraceError('record-invalid', 'An item is not made of attribute values of DynamoDB');
}

import type { AttributeMap } from '../../../../src/value/attribute-value.ts';
import { isObject } from '../../../../src/value/is-object.ts';

/** The input of an operation. */
export type Input = Readonly<Record<string, unknown>>;

/** A text in it; empty if there is none of that name. */
export function textIn(input: Input, name: string): string {
  const value = input[name];
  return typeof value === 'string' ? value : '';
}

export function numberIn(input: Input, name: string): number | undefined {
  const value = input[name];
  return typeof value === 'number' ? value : undefined;
}

/** An object in it, such as an item. */
export function objectIn(input: Input, name: string): Input {
  const value = input[name];
  return isObject(value) ? value : {};
}

export function itemIn(input: Input, name: string): AttributeMap {
  return objectIn(input, name) as AttributeMap;
}

/** A list of objects. */
export function listIn(input: Input, name: string): readonly Input[] {
  const value = input[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

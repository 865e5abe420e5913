import { isPlainStep, isSamePath, isWithin, type Path } from './path.ts';
import type { Condition } from './schema.ts';

/**
 * Whether every item that meets one condition is certain to meet the other.
 *
 * ```text
 * PK equals "A#1"         implies  PK prefix "A#", and PK exists
 * ["x", "y"] equals 1     implies  x exists
 * x does not exist        implies  ["x", "y"] does not exist
 * x equals 1              implies  ["x", "y"] does not exist
 * ```
 */
export function implies(one: Condition, other: Condition): boolean {
  if ('exists' in other) {
    return other.exists ? isThere(one) && isWithin(one.path, other.path) : excludes(one, other.path);
  }
  if (!isSamePath(one.path, other.path)) return false;
  if ('equals' in other) return 'equals' in one && one.equals === other.equals;
  const text = 'equals' in one ? one.equals : 'prefix' in one ? one.prefix : undefined;
  return typeof text === 'string' && text.startsWith(other.prefix);
}

/** Whether no item can meet both conditions. Where that depends on more than these two, the answer is no. */
export function areContrary(one: Condition, other: Condition): boolean {
  if (isThere(one) && excludes(other, one.path)) return true;
  if (isThere(other) && excludes(one, other.path)) return true;
  if ('exists' in one || 'exists' in other || !isSamePath(one.path, other.path)) return false;
  const [a, b] = [wantedOf(one), wantedOf(other)];
  if (typeof a === 'boolean' || typeof b === 'boolean') return a !== b;
  // JSON in a text keeps the digits that are written: 1.50 is both the number 1.5 and the text "1.50".
  if (typeof a !== typeof b && !one.path.every(isPlainStep)) return false;
  // A number that some engine would print in another way is text in an item.
  const [text, otherText] = [String(a), String(b)];
  if ('prefix' in one && otherText.startsWith(text)) return false;
  if ('prefix' in other && text.startsWith(otherText)) return false;
  return text !== otherText;
}

/** Whether the condition wants something to be at its path. */
function isThere(condition: Condition): boolean {
  return !('exists' in condition) || condition.exists;
}

/** Whether items that meet the condition have nothing at `path`. */
function excludes(condition: Condition, path: Path): boolean {
  if (!isWithin(path, condition.path)) return false;
  if (!isThere(condition)) return true;
  // A scalar has no members; the text of one may be JSON, and have some.
  const next = path[condition.path.length];
  return !('exists' in condition) && next !== undefined && isPlainStep(next);
}

function wantedOf(condition: Exclude<Condition, { readonly exists: boolean }>): string | number | boolean {
  return 'equals' in condition ? condition.equals : condition.prefix;
}

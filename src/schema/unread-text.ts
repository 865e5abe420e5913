import { getNodePath, type Node, parseTree } from 'jsonc-parser';
import { canonicalDecimal } from '../value/decimal.ts';
import { EQUALS_FORM, isShortNumber, LABEL_FORM } from './schema-form.ts';
import type { SchemaProblem } from './schema-problem.ts';

/** What the text of a schema file says, and its value in JavaScript doesn't: the form never gets to see it. */
export function unreadText(json: string): readonly SchemaProblem[] {
  const root = parseTree(json);
  return root === undefined ? [] : [...roundedNumbers(root, json), ...unreadLabels(root)];
}

/** Numbers that JavaScript takes for others, which have the form: `1.0000000000000001` would be compared as 1. */
function roundedNumbers(node: Node, json: string): readonly SchemaProblem[] {
  if (node.type !== 'number') return (node.children ?? []).flatMap((child) => roundedNumbers(child, json));
  const written = json.slice(node.offset, node.offset + node.length);
  const isExact = canonicalDecimal(written) === canonicalDecimal(String(node.value));
  if (isExact || !isShortNumber(node.value)) return [];
  const at = getNodePath(node);
  return [{ at, problem: at.at(-1) === 'equals' ? EQUALS_FORM : 'expected a whole number' }];
}

/** In a record, unlike in an object of named fields, zod passes over this name. */
function unreadLabels(root: Node): readonly SchemaProblem[] {
  const labels = root.children?.find(({ children }) => children?.[0]?.value === 'labels')?.children?.[1];
  const isUnread = labels?.children?.some(({ children }) => children?.[0]?.value === '__proto__') ?? false;
  return isUnread ? [{ at: ['labels', '__proto__'], problem: LABEL_FORM }] : [];
}

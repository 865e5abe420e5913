import type { Insertion } from './insert-json.ts';

/** Lines that are shown around what changes. */
const CONTEXT = 3;

/** A line of the text before, and the lines that take its place. */
type Change = { readonly line: number; readonly lines: readonly string[] };

/** What insertions do to a text, as `diff -u` shows it; empty without insertions. */
export function insertionDiff(path: string, text: string, insertions: readonly Insertion[]): string {
  const before = text.replace(/\n$/, '').split('\n');
  const changes = changesOf(text, insertions);
  const hunks = hunksOf(changes, before.length).map((hunk) => hunkText(before, hunk, changes));
  return hunks.length === 0 ? '' : [`--- ${path}`, `+++ ${path}`, ...hunks].join('\n');
}

function changesOf(text: string, insertions: readonly Insertion[]): readonly Change[] {
  const byLine = Map.groupBy(insertions, ({ offset }) => text.slice(0, offset).split('\n').length - 1);
  return [...byLine].map(([line, of]) => {
    const start = text.split('\n').slice(0, line).join('\n').length + (line === 0 ? 0 : 1);
    let after = text.slice(start).split('\n', 1)[0] ?? '';
    for (const { offset, text: added } of of.toReversed()) {
      after = after.slice(0, offset - start) + added + after.slice(offset - start);
    }
    return { line, lines: after.split('\n') };
  });
}

type Hunk = { readonly from: number; readonly to: number };

/** The lines to show, from and up to, each once. */
function hunksOf(changes: readonly Change[], count: number): readonly Hunk[] {
  const hunks: { from: number; to: number }[] = [];
  for (const { line } of changes) {
    const from = Math.max(0, line - CONTEXT);
    const to = Math.min(count, line + 1 + CONTEXT);
    const last = hunks.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else hunks.push({ from, to });
  }
  return hunks;
}

function hunkText(before: readonly string[], { from, to }: Hunk, changes: readonly Change[]): string {
  const earlier = changes.filter(({ line }) => line < from).reduce((sum, { lines }) => sum + lines.length - 1, 0);
  const body = before.slice(from, to).flatMap((text, index) => {
    const change = changes.find(({ line }) => line === from + index);
    if (change === undefined) return [` ${text}`];
    const [first, ...more] = change.lines;
    if (first === text) return [` ${text}`, ...more.map((line) => `+${line}`)];
    return [`-${text}`, ...change.lines.map((line) => `+${line}`)];
  });
  const after = body.filter((line) => !line.startsWith('-')).length;
  return [`@@ -${from + 1},${to - from} +${from + earlier + 1},${after} @@`, ...body].join('\n');
}

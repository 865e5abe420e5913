/**
 * How many characters must be inserted, dropped, replaced or swapped with their neighbour to make one text of another.
 *
 * Source: <https://en.wikipedia.org/wiki/Damerau–Levenshtein_distance#Optimal_string_alignment_distance>
 */
export function editDistance(from: string, to: string): number {
  const a = [...from];
  const b = [...to];
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, character] of a.entries()) {
    const next = [row + 1];
    for (const [column, other] of b.entries()) {
      const isSwap = row > 0 && column > 0 && character === b[column - 1] && a[row - 1] === other;
      next.push(
        Math.min(
          at(last, column + 1) + 1,
          at(next, column) + 1,
          at(last, column) + (character === other ? 0 : 1),
          isSwap ? at(beforeLast, column - 1) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = next;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

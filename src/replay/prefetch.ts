/**
 * Does `work` on what comes, several at once, and gives the results in the order in which it came.
 *
 * @param count How many are worked on, or wait to be taken, at most.
 */
export async function* prefetch<T, Result>(
  source: AsyncIterable<T>,
  count: number,
  work: (value: T) => Promise<Result>,
): AsyncGenerator<Result> {
  const started: Promise<Result>[] = [];
  for await (const value of source) {
    const result = work(value);
    // What fails while nobody waits for it yet fails when somebody does.
    result.catch(() => {});
    started.push(result);
    const first = started.length >= count ? started.shift() : undefined;
    if (first) yield await first;
  }
  for (const result of started) yield await result;
}

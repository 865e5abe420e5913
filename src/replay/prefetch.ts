/**
 * Does `work` on several values at once, and gives the results in the order of the values.
 *
 * @param count Results that are worked on or wait to be taken, at most.
 */
export async function* prefetch<T, Result>(
  source: AsyncIterable<T>,
  count: number,
  work: (value: T) => Promise<Result>,
): AsyncGenerator<Result> {
  const started: Promise<Result>[] = [];
  for await (const value of source) {
    const result = work(value);
    // A rejection before the result is awaited is thrown when it is.
    result.catch(() => {});
    started.push(result);
    const first = started.length >= count ? started.shift() : undefined;
    if (first) yield await first;
  }
  for (const result of started) yield await result;
}

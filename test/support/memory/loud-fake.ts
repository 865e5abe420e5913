/** A fake of which only `parts` may be used: any other member throws, by name. */
export function loudFake<T extends object>(name: string, parts: Partial<T>): T {
  return new Proxy<object>(parts, {
    get(target, property, receiver) {
      if (property in target) return Reflect.get(target, property, receiver);
      // `await` looks for it in any value.
      if (property === 'then') return undefined;
      throw new Error(`${name}.${String(property)} was not expected to be used`);
    },
  }) as T;
}

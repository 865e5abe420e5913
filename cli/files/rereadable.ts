import type { Spool } from './files.ts';

/** What is larger goes to the disk. */
const MAX_HELD_BYTES = 8 * 1024 * 1024;

/** Something that can be read as often as it is needed. */
export type Rereadable = Disposable & {
  /** From the first byte on. The first reading has to be at its end before the next one. */
  read(): AsyncIterable<Uint8Array>;
};

/** Makes what can be read once, such as standard input, readable again: from memory or, if that is too much, a spool. */
export function rereadable(source: AsyncIterable<Uint8Array>, openSpool: () => Spool): Rereadable {
  let held: Uint8Array[] = [];
  let spool: Spool | undefined;
  let state: 'unread' | 'begun' | 'read' = 'unread';
  async function* first() {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (spool === undefined && bytes > MAX_HELD_BYTES) {
        spool = openSpool();
        for (const earlier of held) spool.write(earlier);
        held = [];
      }
      if (spool) spool.write(chunk);
      else held.push(chunk);
      yield chunk;
    }
    state = 'read';
  }
  return {
    async *read() {
      if (state === 'begun') throw new Error('What can be read once was not read to its end');
      if (state === 'unread') {
        state = 'begun';
        yield* first();
      } else yield* spool ? spool.read() : held;
    },
    [Symbol.dispose]: () => spool?.[Symbol.dispose](),
  };
}

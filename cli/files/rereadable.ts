import type { Spool } from './files.ts';

/** Larger input goes to the disk. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/** Input that can be read as often as needed. */
export type Rereadable = Disposable & {
  /** Reads from the first byte on. The first reading must end before the next one begins. */
  read(): AsyncIterable<Uint8Array>;
};

/** Makes input such as standard input readable again: from memory or, if it is too large, from a spool. */
export function rereadable(source: AsyncIterable<Uint8Array>, openSpool: () => Spool): Rereadable {
  let buffered: Uint8Array[] = [];
  let spool: Spool | undefined;
  let state: 'unread' | 'begun' | 'read' = 'unread';
  async function* first() {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (spool === undefined && bytes > MAX_BUFFERED_BYTES) {
        spool = openSpool();
        for (const earlier of buffered) spool.write(earlier);
        buffered = [];
      }
      if (spool) spool.write(chunk);
      else buffered.push(chunk);
      yield chunk;
    }
    state = 'read';
  }
  return {
    async *read() {
      if (state === 'begun') throw new Error('The first reading has not ended');
      if (state === 'unread') {
        state = 'begun';
        yield* first();
      } else yield* spool ? spool.read() : buffered;
    },
    [Symbol.dispose]: () => spool?.[Symbol.dispose](),
  };
}

import type { UsableStream } from '../../src/source/usable-stream.ts';

/** What a person should know of a stream that works, but not for everything; `undefined` if there is nothing to say. */
export function shortcomingOf({ viewType }: UsableStream): string | undefined {
  if (viewType === 'NEW_AND_OLD_IMAGES') return undefined;
  return `The stream keeps ${viewType}: old_image will be NULL in the changelog. The current state is whole all the same.`;
}

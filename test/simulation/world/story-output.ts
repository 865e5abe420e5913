import type { Output } from '../../../cli/terminal/output.ts';

/** A command's output that goes into the story. */
export function storyOutput(tell: (line: string) => void): Output {
  return {
    json: false,
    width: null,
    closed: new AbortController().signal,
    print: tell,
    send: async (bytes) => tell(String(bytes)),
    report: tell,
    startOver: () => {},
    emit: (object) => tell(JSON.stringify(object)),
    complete: (text) => text,
    note: tell,
    warn: tell,
    // What a person in the foreground reads names no process, so that a story is the same in every run.
    isLive: () => true,
    progress: () => ({ update: () => {}, clear: () => {}, stop: () => {} }),
  };
}

/** A path as the file system has it: bytes where a name is no UTF-8. */
export type FilePath = string | Buffer;

/** What is at a path. `pipe` is what can be read once: a pipe, a socket, a terminal. */
export type FileKind = 'file' | 'directory' | 'pipe' | 'other';

/** Something in a directory; `link` leads to whatever {@link Files.look} says. */
export type FileEntry = { readonly path: FilePath; readonly kind: FileKind | 'link' };

/** The file system, as far as a replay reads it. What goes wrong is thrown as Node throws it. */
export interface Files {
  /**
   * What is at a path, or where its links lead.
   *
   * @returns its kind, and an id that no other file or directory has.
   */
  look(path: FilePath): Promise<{ readonly kind: FileKind; readonly id: string }>;
  /** What is in a directory, in the order of names. */
  list(directory: FilePath): Promise<readonly FileEntry[]>;
  /**
   * The bytes of a file, chunk by chunk.
   *
   * @param onVersion Called before the first and after the last of them, with a text that changes when the file does.
   */
  read(path: FilePath, onVersion: (version: string) => void): AsyncIterable<Uint8Array>;
  /** The bytes of standard input, once. */
  stdin(): AsyncIterable<Uint8Array>;
  /** A file for what can be read once only. */
  spool(directory: string): Spool;
}

/** A file that only this process sees, and that is gone with it. Disposing of it removes it at once. */
export interface Spool extends Disposable {
  write(chunk: Uint8Array): void;
  /** Everything that was written, from the beginning. */
  read(): Iterable<Uint8Array>;
}

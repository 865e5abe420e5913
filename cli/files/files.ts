/** A path: bytes if a name in it isn't UTF-8. */
export type FilePath = string | Buffer;

/** The kind of an entry. A `pipe` can be read only once: a pipe, a socket, a terminal. */
export type FileKind = 'file' | 'directory' | 'pipe' | 'other';

/** An entry of a directory; {@link Files.look} gives what a `link` leads to. */
export type FileEntry = { readonly path: FilePath; readonly kind: FileKind | 'link' };

/** The part of the file system that a replay needs. Errors are Node's own. */
export interface Files {
  /**
   * Looks at a path, or at the target of its links.
   *
   * @returns the kind, and an id that no other file or directory has.
   */
  look(path: FilePath): Promise<{ readonly kind: FileKind; readonly id: string }>;
  /** The entries of a directory, in the order of names. */
  list(directory: FilePath): Promise<readonly FileEntry[]>;
  /**
   * The bytes of a file, chunk by chunk.
   *
   * @param onVersion Called before the first and after the last of them, with a text that changes when the file does.
   */
  read(path: FilePath, onVersion: (version: string) => void): AsyncIterable<Uint8Array>;
  /** The bytes of standard input, once. */
  stdin(): AsyncIterable<Uint8Array>;
  /** Opens a file for input that can be read only once. */
  spool(directory: string): Spool;
}

/** A file that only this process sees, and that ends with it. Disposing of it removes it at once. */
export interface Spool extends Disposable {
  write(chunk: Uint8Array): void;
  /** All written bytes, from the beginning. */
  read(): Iterable<Uint8Array>;
}

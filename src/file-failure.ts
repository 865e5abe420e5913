import { TailraceError } from './errors.ts';

/** Why the file system refused something, and what to do, for people. */
export type FileFailure = {
  /** Follows a colon. Never holds a path, nor what was to be written. */
  readonly reason: string;
  /** `undefined` where it depends on what the file is for. */
  readonly remedy: string | undefined;
};

const ROOM = 'Make room there, and run it again.';
const RIGHTS = 'Give the user the right to it, and run it again.';

/**
 * `DEAD_LINK` and `NOT_A_FILE` are Tailrace's own codes.
 * Source of the others: <https://man7.org/linux/man-pages/man3/errno.3.html>
 */
const FAILURES: Readonly<Record<string, readonly [reason: string, remedy?: string]>> = {
  ENOSPC: ['its disk is full', ROOM],
  EDQUOT: ['the quota of its disk is used up', ROOM],
  EFBIG: ['it is larger than a file may be there', ROOM],
  EACCES: ['permission denied', RIGHTS],
  EPERM: ['permission denied', RIGHTS],
  EROFS: ['its disk is read-only'],
  ENOENT: ['there is no such file or directory'],
  EEXIST: ['something of that name is there'],
  EISDIR: ['it is a directory'],
  ELOOP: ['its links lead in a circle'],
  DEAD_LINK: ['it is a link to nothing'],
  NOT_A_FILE: ['it is a pipe, a socket or a device'],
  ENOTDIR: ['a part of its path is a file'],
  ERR_ENCODING_INVALID_ENCODED_DATA: ['it is not UTF-8 text'],
};

/** Whether an error of Node's has this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** The result of `work`; `undefined` if there is no such file or folder. */
export async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Whether the file system failed, rather than Tailrace. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && !(error instanceof TailraceError) && 'code' in error;
}

/** Names what Node's file system threw, by its code. */
export function fileFailure(error: unknown): FileFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [reason, remedy] = Object.hasOwn(FAILURES, code) ? (FAILURES[code] ?? []) : [];
  return { reason: reason ?? (code || 'unknown reason'), remedy };
}

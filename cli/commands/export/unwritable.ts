import { TailraceError } from '../../../src/errors.ts';
import { fileFailure, isSystemError } from '../../../src/file-failure.ts';

/** An error of the file system as one about the file of an export; any other as it is. */
export function unwritable(name: string, cause: unknown): unknown {
  if (!isSystemError(cause)) return cause;
  const { reason, remedy } = fileFailure(cause);
  return new TailraceError('export-failed', `${name} can not be written: ${reason}`, {
    ...(remedy !== undefined && { remedy }),
    cause,
  });
}

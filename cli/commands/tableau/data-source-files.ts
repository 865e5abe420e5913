import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TailraceError } from '../../../src/errors.ts';
import { fileFailure, unlessMissing } from '../../../src/file-failure.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';

const SUFFIX = '.tds';

/** A view, and the file of its data source. */
export type ViewFile = { readonly view: TypedView; readonly path: string };

/**
 * Where the data sources of views go: `out` itself if it is `-` or ends as such a file does, else files in it.
 *
 * @param views At least one.
 * @throws {TailraceError} `usage-invalid` if one file is named for several views.
 */
export function filesFor(out: string, views: readonly TypedView[]): readonly ViewFile[] {
  if (out !== '-' && !out.toLowerCase().endsWith(SUFFIX)) {
    return views.map((view) => ({ view, path: join(out, `${view.name}${SUFFIX}`) }));
  }
  const [view, ...others] = views;
  if (view !== undefined && others.length === 0) return [{ view, path: out }];
  const names = views.map(({ name }) => name);
  throw new TailraceError(
    'usage-invalid',
    `${out} is one file, and there are ${names.length} views: ${names.join(', ')}`,
    {
      remedy: `Name a directory, or one of them: run \`tailrace … --view ${names[0]}\`.`,
    },
  );
}

/** What became of a file: it was not there, it was otherwise, or it was the same. */
export type Written = 'created' | 'replaced' | 'unchanged';

/**
 * Writes a data source, and the directories above it.
 *
 * @param force Whether a file that is otherwise is replaced.
 * @throws {TailraceError} `usage-invalid` if it can't be written, or is otherwise and isn't to be replaced.
 */
export async function writeDataSource(path: string, text: string, force: boolean): Promise<Written> {
  try {
    const before = await unlessMissing(readFile(path, 'utf8'));
    if (before === text) return 'unchanged';
    if (before !== undefined && !force) {
      throw new TailraceError('usage-invalid', `${path} is otherwise than this would make it`, {
        context: { path },
        remedy: 'Name another file, or replace it: run `tailrace … --force`.',
      });
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    return before === undefined ? 'created' : 'replaced';
  } catch (cause) {
    if (cause instanceof TailraceError) throw cause;
    const { reason, remedy = 'Name another file or directory with --out.' } = fileFailure(cause);
    throw new TailraceError('usage-invalid', `${path} can't be written: ${reason}`, {
      context: { path },
      remedy,
      cause,
    });
  }
}

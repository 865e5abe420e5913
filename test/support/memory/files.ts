import type { FilePath, Files } from '../../../cli/files/files.ts';

/**
 * Files in memory, by path; `-` is standard input. A path that isn't there must not be touched.
 *
 * @param touch Awaited before each access.
 */
export function memoryFiles(
  contents: ReadonlyMap<string, string | Uint8Array>,
  touch: () => Promise<void> = async () => {},
): Files {
  const within = (directory: FilePath) => [...contents.keys()].filter((path) => path.startsWith(`${directory}/`));
  async function* read(path: FilePath) {
    await touch();
    const content = contents.get(String(path));
    if (content === undefined) throw new Error(`${path} was not expected to be read`);
    yield Buffer.from(content);
  }
  return {
    async look(path) {
      await touch();
      if (within(path).length > 0) return { kind: 'directory', id: String(path) };
      if (contents.has(String(path))) return { kind: 'file', id: String(path) };
      throw new Error(`${path} was not expected to be looked at`);
    },
    async list(directory) {
      await touch();
      return within(directory)
        .toSorted()
        .map((path) => ({ path, kind: 'file' }));
    },
    read,
    stdin: () => read('-'),
    spool: () => {
      throw new Error('No spool was expected');
    },
  };
}

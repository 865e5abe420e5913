import { accessSync, constants, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { TailraceError } from '../src/errors.ts';

/** What a machine is, and where its programs are. */
export type Machine = {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** The PATH of the environment. */
  readonly path: string;
};

export const OWN_ENDPOINT =
  'Put a dynoxide on the PATH (https://github.com/nubo-db/dynoxide), or name the endpoint of a DynamoDB server with ' +
  'streams: npm start -- --endpoint-url http://127.0.0.1:8000';

/**
 * The program of the embedded server: that of this platform's package, which npm installs where the registry has it, or
 * else a `dynoxide` on the PATH.
 *
 * @throws {TailraceError} `config-invalid` if there is neither.
 */
export function findServerProgram({ platform, arch, path }: Machine): string {
  const name = platform === 'win32' ? 'dynoxide.exe' : 'dynoxide';
  const package_ = `@dynoxide/${platform}-${arch}`;
  const folders = [folderOf(package_), ...path.split(delimiter)];
  const found = folders.map((folder) => folder && join(folder, name)).find((file) => file && isProgram(file));
  if (found) return found;
  throw new TailraceError(
    'config-invalid',
    `No embedded DynamoDB server is there for ${platform}-${arch}: neither the package ${package_} nor a dynoxide on the PATH`,
    { remedy: OWN_ENDPOINT },
  );
}

function folderOf(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

import { join } from 'node:path';
import { isKind, TailraceError } from '../../src/errors.ts';
import { declaredViews } from '../../src/schema/declared-views.ts';
import { readSchema } from '../../src/schema/read-schema.ts';
import type { Schema } from '../../src/schema/schema.ts';
import type { Dependencies } from '../dependencies.ts';
import { requireTableName } from '../invocation.ts';

/** The schema of a source table, and the file that it was read from. */
export type TableSchema = { readonly table: string; readonly path: string; readonly schema: Schema };

const SUFFIX = '.json';

const NAME_DIRECTORY = 'Name the directory with --schemas; a schema is a file TABLE.json, see docs/schemas.md.';

/**
 * Reads the schemas of a directory: `T.json` is the one of the DynamoDB table T.
 *
 * @param table Only the one of this table; `undefined` for all, in order of their names.
 * @throws {TailraceError} `config-invalid` with every problem of every file, `usage-invalid` if there is no schema.
 */
export async function readSchemas(
  directory: string,
  table: string | undefined,
  { readText, listFiles }: Dependencies,
): Promise<readonly TableSchema[]> {
  const tables = table === undefined ? tablesAmong(await orNameDirectory(listFiles(directory))) : [table];
  if (tables.length === 0) {
    throw new TailraceError('usage-invalid', `There is no schema in ${directory}`, {
      remedy: NAME_DIRECTORY,
    });
  }
  const schemas: TableSchema[] = [];
  const problems: TailraceError[] = [];
  for (const name of tables) {
    const path = join(directory, `${name}${SUFFIX}`);
    try {
      requireNamedForTable(path, name);
      schemas.push({ table: name, path, schema: readSchema(await orNameDirectory(readText(path)), path, name) });
    } catch (error) {
      if (!isKind(error, 'config-invalid', 'usage-invalid')) throw error;
      problems.push(error);
    }
  }
  problems.push(...sharedNames(schemas));
  const [first] = problems;
  if (first === undefined) return schemas;
  throw new TailraceError('config-invalid', problems.map(({ message }) => message).join('; '), {
    remedy: first.remedy,
  });
}

function requireNamedForTable(path: string, name: string): void {
  try {
    requireTableName(name);
  } catch (error) {
    if (!isKind(error, 'usage-invalid')) throw error;
    throw new TailraceError('usage-invalid', `${path}: ${error.message}`, {
      context: { path },
      remedy:
        'Rename the file for its table, or move it out of the directory: every file there that ends in .json is read.',
      cause: error,
    });
  }
}

/** Views of one name in the schemas of two tables: the later file is wrong, whichever is meant. */
function sharedNames(schemas: readonly TableSchema[]): readonly TailraceError[] {
  const owners = new Map<string, TableSchema>();
  return schemas.flatMap((file) =>
    declaredViews(file.schema, file.table, []).flatMap(({ name }) => {
      const owner = owners.get(name.toLowerCase());
      if (owner === undefined) owners.set(name.toLowerCase(), file);
      if (owner === undefined || owner === file) return [];
      const message = `${file.path}: the view ${name} has the name of one in ${owner.path}: names are compared without case`;
      return new TailraceError('config-invalid', message, { remedy: 'Name one of the views otherwise.' });
    }),
  );
}

/** Reads a schema or their directory. Unlike other files, neither can be standard input. */
async function orNameDirectory<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!isKind(error, 'usage-invalid')) throw error;
    throw new TailraceError('usage-invalid', error.message, { remedy: NAME_DIRECTORY, cause: error });
  }
}

function tablesAmong(files: readonly string[]): readonly string[] {
  return files
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();
}

import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { isKind } from '../../../../src/errors.ts';
import { hasCode } from '../../../../src/file-failure.ts';
import { objectNames } from '../../../../src/names/object-names.ts';
import { isObject } from '../../../../src/value/is-object.ts';
import type { Dependencies } from '../../../dependencies.ts';

const SUFFIX = '.json';

/** What is in the directory of the schemas, for a table. */
export type PresentSchemas = {
  /** Path of the table's own file. */
  readonly path: string;
  /** Its text; `null` if there is none, or it is empty, as where a shell has just made it. */
  readonly text: string | null;
  /** Names of the views of other tables. */
  readonly taken: readonly string[];
};

/** Reads the directory of the schemas. It need not be there. */
export async function presentSchemas(
  directory: string,
  table: string,
  { listFiles, readText }: Pick<Dependencies, 'listFiles' | 'readText'>,
): Promise<PresentSchemas> {
  const files = (await orNone(listFiles(directory))).filter((file) => file.endsWith(SUFFIX)).sort();
  const path = join(directory, `${table}${SUFFIX}`);
  const taken: string[] = [];
  let text: string | null = null;
  for (const file of files) {
    const content = await readText(join(directory, file));
    if (file === `${table}${SUFFIX}`) text = content.trim() === '' ? null : content;
    else taken.push(...viewNames(file.slice(0, -SUFFIX.length), content));
  }
  return { path, text, taken };
}

async function orNone(listing: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await listing;
  } catch (error) {
    if (isKind(error, 'usage-invalid') && hasCode(error.cause, 'ENOENT')) return [];
    throw error;
  }
}

/** The names that a file declares, as far as it is right: its problems are its own table's. */
function viewNames(table: string, json: string): readonly string[] {
  const parsed: unknown = parse(json);
  const { name, views } = isObject(parsed) ? parsed : {};
  const declared = (Array.isArray(views) ? views : []).map((view: unknown) =>
    isObject(view) ? view['name'] : undefined,
  );
  return [name, objectNames(table).typed, ...declared].filter((one) => typeof one === 'string');
}

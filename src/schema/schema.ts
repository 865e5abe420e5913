import { visit } from 'jsonc-parser';
import { z } from 'zod';
import { TailraceError } from '../errors.ts';
import { CLUSTER_TYPES, clusterProblems, MAX_CLUSTER_COLUMNS } from './cluster-column.ts';
import { COLUMN_NAME, collisionsOf, problemOfName } from './column-name.ts';
import { COLUMN_TYPES, type SchemaType } from './column-type.ts';
import { lineAt, syntaxProblem } from './json-place.ts';
import type { Path } from './path.ts';

/** A column of a typed view. It can always be NULL: a value that doesn't fit is. */
export type SchemaColumn = {
  readonly name: string;
  readonly type: SchemaType;
  /** Shown by the warehouse; `null` if there is none. */
  readonly description: string | null;
  readonly path: Path;
  /** Whether snapshots are clustered by it, after `key` and the columns before it. */
  readonly cluster: boolean;
};

/** The configuration of one source table: what `schemas/T.json` says. */
export type Schema = {
  /** Columns of the typed view, in order. Without any there is no typed view. */
  readonly columns: readonly SchemaColumn[];
};

/** Source: <https://cloud.google.com/bigquery/docs/schemas#column_descriptions> */
const MAX_DESCRIPTION = 1024;

const TYPES = Object.keys(COLUMN_TYPES) as [SchemaType, ...SchemaType[]];
const PATH_FORM = 'expected text (one attribute of the item), or a list of names and of indexes from 0';

/** NUL can't stand in a statement, and a lone surrogate in no JSON that any engine takes. */
const text = z.string().refine((value) => !value.includes('\0') && value.isWellFormed(), {
  error: 'holds NUL or a lone surrogate',
});

const step = z.union([text, z.int({ error: PATH_FORM }).min(0, { error: PATH_FORM })], { error: PATH_FORM });

const column = z.strictObject({
  name: z
    .string()
    .meta({ pattern: COLUMN_NAME.source, description: 'Name of the column in the typed view.' })
    .superRefine((name, { addIssue }) => {
      const problem = problemOfName(name);
      if (problem !== undefined) addIssue({ code: 'custom', message: problem });
    }),
  type: z
    .enum(TYPES, { error: `expected one of ${TYPES.join(', ')}` })
    .meta({ description: "BigQuery's word for it." }),
  mode: z
    .literal('NULLABLE', {
      error: 'expected NULLABLE: a view can promise neither REQUIRED nor REPEATED (a list fits a column of type JSON)',
    })
    .optional(),
  description: text.max(MAX_DESCRIPTION).optional().meta({ description: 'Shown by the warehouse.' }),
  path: z
    .union([text, z.array(step, { error: PATH_FORM }).min(1, { error: PATH_FORM })], { error: PATH_FORM })
    .optional()
    .meta({ description: 'Where the value lies in the item, if not in the attribute of the same name.' }),
  cluster: z
    .boolean({ error: 'expected true or false' })
    .optional()
    .meta({
      description: `Whether snapshots are clustered by it: at most ${MAX_CLUSTER_COLUMNS} columns, of type ${CLUSTER_TYPES.join(', ')}.`,
    }),
});

const file = z.strictObject({
  $schema: z.string().optional(),
  columns: z.array(column).optional().meta({ description: 'Columns of the typed view, in order.' }),
});

/**
 * Reads a schema file.
 *
 * @param json The file's text.
 * @param path The file's path, for messages.
 * @throws {TailraceError} `config-invalid` that names every problem: where in the file, and what was expected.
 */
export function readSchema(json: string, path: string): Schema {
  const parsed = parse(json, path);
  const repeated = repeatedNames(json);
  if (repeated.length > 0) throw invalid(path, repeated.join('; '));
  const { success, data, error } = file.safeParse(parsed);
  const problems = [
    ...(error?.issues ?? []).map((issue) => problemOf(issue, json)),
    ...collisions(parsed, json),
    ...clusters(parsed, json),
  ];
  if (!success || problems.length > 0) throw invalid(path, problems.join('; '));
  return {
    columns: (data.columns ?? []).map(({ name, type, description, path, cluster = false }) => ({
      name,
      type,
      description: description ?? null,
      path: path === undefined ? [name] : typeof path === 'string' ? [path] : path,
      cluster,
    })),
  };
}

/** JSON Schema of a schema file, for editors; stored in `schema.json` beside this file. */
export function jsonSchema(): object {
  return { ...z.toJSONSchema(file), title: 'Tailrace: the configuration of one DynamoDB table' };
}

function parse(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw invalid(path, `is not JSON at ${syntaxProblem(json)}`, cause);
  }
}

/** Names that stand twice in one object: `JSON.parse` would take the last and drop the others silently. */
function repeatedNames(json: string): readonly string[] {
  const seen = new Set<string>();
  const problems: string[] = [];
  visit(json, {
    onObjectProperty: (name, _offset, _length, line, _character, parents) => {
      const member = JSON.stringify([...parents(), name]);
      if (seen.has(member)) problems.push(`line ${line + 1}: ${JSON.stringify(name)} stands twice in its object`);
      seen.add(member);
    },
  });
  return problems;
}

/** Columns with the same name but for case, whatever else is wrong with the file. */
function collisions(parsed: unknown, json: string): readonly string[] {
  const named = z.object({ columns: z.array(z.object({ name: z.string() }).catch({ name: '' })) }).safeParse(parsed);
  const names = named.data?.columns.map(({ name }) => name) ?? [];
  return collisionsOf(names).flatMap(([later, earlier]) =>
    names[later] === ''
      ? []
      : `${lineOf(json, ['columns', later])}columns[${later}].name and columns[${earlier}].name name the same column (${JSON.stringify(names[later])} and ${JSON.stringify(names[earlier])}): names are compared without case`,
  );
}

/** Columns by which no snapshot can be clustered, whatever else is wrong with the file. */
function clusters(parsed: unknown, json: string): readonly string[] {
  const column = z.object({ type: z.string().catch(''), cluster: z.boolean().catch(false) });
  const named = z.object({ columns: z.array(column.catch({ type: '', cluster: false })) }).safeParse(parsed);
  return clusterProblems(named.data?.columns ?? []).map(
    ({ index, problem }) => `${lineOf(json, ['columns', index, 'cluster'])}columns[${index}].cluster: ${problem}`,
  );
}

function problemOf({ path, message, ...issue }: z.core.$ZodIssue, json: string): string {
  const where = path.reduce<string>(
    (parent, key) =>
      typeof key === 'number' ? `${parent}[${key}]` : parent === '' ? String(key) : `${parent}.${String(key)}`,
    '',
  );
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const line = lineOf(json, [...path, ...unknown]);
  return `${line}${where === '' ? 'the file' : where}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

/** Begins a problem with its line. In a file of one line that would tell nothing. */
function lineOf(json: string, path: readonly PropertyKey[]): string {
  return /[\r\n]\s*\S/.test(json) ? `line ${lineAt(json, path)}: ` : '';
}

function invalid(path: string, problems: string, cause?: unknown): TailraceError {
  return new TailraceError('config-invalid', `${path}: ${problems}`, {
    remedy: 'Correct the file and run it again; docs/schemas.md describes it.',
    ...(cause === undefined ? {} : { cause }),
  });
}

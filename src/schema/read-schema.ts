import { visit } from 'jsonc-parser';
import type { z } from 'zod';
import { TailraceError } from '../errors.ts';
import { objectNames } from '../names/object-names.ts';
import { type ColumnList, columnProblems } from './column-problems.ts';
import { lineAt, syntaxProblem } from './json-place.ts';
import type { Path } from './path.ts';
import type { Condition, Schema, SchemaColumn, SchemaView } from './schema.ts';
import { type ColumnForm, type ConditionForm, type SchemaForm, schemaForm, type ViewForm } from './schema-form.ts';
import { placeText, type SchemaProblem } from './schema-problem.ts';
import { snapshotProblems } from './snapshot-problems.ts';
import { soundParts } from './sound-parts.ts';
import { unreadText } from './unread-text.ts';
import { viewProblems } from './view-problems.ts';

/**
 * Reads a schema file.
 *
 * @param json The file's text.
 * @param path The file's path, for messages.
 * @param table The DynamoDB table that the file is of. @default any, as the file is named for none
 * @throws {TailraceError} `config-invalid` that names every problem: where in the file, and what was expected.
 */
export function readSchema(json: string, path: string, table?: string): Schema {
  const parsed = parse(json, path);
  const repeated = repeatedNames(json);
  if (repeated.length > 0) throw invalid(path, repeated.join('; '));
  const { success, data, error } = schemaForm.safeParse(parsed);
  const issues = (error?.issues ?? []).flatMap(innermost);
  const problems = [
    ...issues.map((issue) => problemOf(issue, json)),
    ...[...unreadText(json), ...problemsBetween(soundParts(parsed), table)].map(({ at, problem }) =>
      line(json, at, `${placeText(at)}${said(problem)}`),
    ),
  ];
  if (!success || problems.length > 0) throw invalid(path, problems.join('; '));
  return schemaOf(data);
}

function problemsBetween(form: SchemaForm, table: string | undefined): readonly SchemaProblem[] {
  const { columns, views } = schemaOf(form);
  const own = columns.length === 0 ? null : (form.name ?? (table === undefined ? null : objectNames(table).typed));
  const lists: readonly ColumnList[] = [
    { at: ['columns'], unnest: null, columns },
    ...views.map((view, index) => ({ ...view, at: ['views', index, 'columns'] })),
  ];
  return [
    ...(table !== undefined && form.table !== undefined && form.table !== table
      ? [{ at: ['table'], problem: `the file is named for the table ${table}, and says another` }]
      : []),
    ...lists.flatMap(columnProblems),
    ...snapshotProblems(lists),
    ...viewProblems(views, own),
  ];
}

function schemaOf({ name, labels, columns = [], views = [], ignore = [] }: SchemaForm): Schema {
  return {
    name: name ?? null,
    labels: labels ?? {},
    columns: columns.map(columnOf),
    views: views.map(viewOf),
    ignore: ignore.map(pathOf),
  };
}

function columnOf({ name, type, mode, description, path, cluster = false, ...others }: ColumnForm): SchemaColumn {
  return {
    name,
    type,
    ...(mode === 'REPEATED' && { mode }),
    description: description ?? null,
    path: path === undefined ? [name] : pathOf(path),
    ...others,
    cluster,
  };
}

function viewOf({ name, where = [], unnest, columns }: ViewForm): SchemaView {
  const conditions = Array.isArray(where) ? where : [where];
  return {
    name,
    where: conditions.map(conditionOf),
    unnest: unnest === undefined ? null : pathOf(unnest),
    columns: columns.map(columnOf),
  };
}

function conditionOf({ path, equals, prefix, exists }: ConditionForm): Condition {
  const at = pathOf(path);
  if (equals !== undefined) return { path: at, equals };
  return prefix === undefined ? { path: at, exists: exists ?? true } : { path: at, prefix };
}

function pathOf(path: string | Path): Path {
  return typeof path === 'string' ? [path] : path;
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
    onObjectProperty: (name, _offset, _length, lineNumber, _character, parents) => {
      const member = JSON.stringify([...parents(), name]);
      if (seen.has(member)) problems.push(`line ${lineNumber + 1}: ${JSON.stringify(name)} stands twice in its object`);
      seen.add(member);
    },
  });
  return problems;
}

/** Of a value that has none of several forms: the issues of the only one whose type it has, if there is such a one. */
function innermost(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.filter(([first]) => first?.code !== 'invalid_type' || first.path.length > 0);
  const [only = [], ...others] = meant;
  if (only.length === 0 || others.length > 0) return [issue];
  return only.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }));
}

function problemOf({ path, ...issue }: z.core.$ZodIssue, json: string): string {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  // Of a name that is wrong itself, zod tells the reason further down.
  const message = (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message;
  return line(json, [...path, ...unknown], `${placeText(path)}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`);
}

/** A problem that begins with a field's name goes on where its place ends. */
function said(problem: string): string {
  return problem.startsWith('.') ? problem : `: ${problem}`;
}

/** Begins a problem with its line. In a file of one line that would tell nothing. */
function line(json: string, at: readonly PropertyKey[], problem: string): string {
  return /[\r\n]\s*\S/.test(json) ? `line ${lineAt(json, at)}: ${problem}` : problem;
}

function invalid(path: string, problems: string, cause?: unknown): TailraceError {
  return new TailraceError('config-invalid', `${path}: ${problems}`, {
    remedy: 'Correct the file and run it again; docs/schemas.md describes it.',
    ...(cause === undefined ? {} : { cause }),
  });
}

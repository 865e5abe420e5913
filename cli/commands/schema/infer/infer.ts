import { objectNames } from '../../../../src/names/object-names.ts';
import { type Additions, additionsTo } from '../../../../src/schema/infer/additions.ts';
import { doubtfulWords } from '../../../../src/schema/infer/doubtful-words.ts';
import { inserted, insertionsOf } from '../../../../src/schema/infer/insert-json.ts';
import { insertionDiff } from '../../../../src/schema/infer/insertion-diff.ts';
import { printJson } from '../../../../src/schema/infer/print-json.ts';
import type { ProposedSchema } from '../../../../src/schema/infer/proposal.ts';
import { keyAttributes, proposeSchema } from '../../../../src/schema/infer/propose.ts';
import type { Schema } from '../../../../src/schema/schema.ts';
import type { Dependencies } from '../../../dependencies.ts';
import { requireTableName } from '../../../invocation.ts';
import { schemasOption } from '../../../options/same-schemas.ts';
import type { ExitCode } from '../../../start.ts';
import { counted } from '../../../terminal/format.ts';
import type { Output } from '../../../terminal/output.ts';
import type { SchemaInferOptions } from './infer-options.ts';
import { type PresentSchemas, presentSchemas } from './present-schemas.ts';
import { type ItemsRead, readItems } from './read-items.ts';
import { requireColumns, requireItems, requireKeys } from './required-items.ts';

/** Proposes the schema of a table from its items: all of it, or what the file that is there lacks. */
export async function schemaInfer(
  options: SchemaInferOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { table } = options;
  requireTableName(table);
  const present = await presentSchemas(options.schemas, table, dependencies);
  // A file that can't be read as a schema is refused before anything is paid for.
  const schema = present.text === null ? null : await schemaOf(present.text, present.path, table);
  const read = await readItems(options, dependencies, output);
  const { facts } = read;
  output.note(read.said);
  requireItems(read, options);
  requireKeys(facts, options.keys);
  for (const line of leftOut(read)) output.note(line);

  const proposal = proposeSchema(table, facts, { taken: present.taken, ignored: schema?.ignore ?? [] });
  const run = { options, present, proposal, read, dependencies, output };
  if (schema === null || present.text === null) return await propose(run);
  const additions = additionsTo(schema, proposal, {
    keys: keyAttributes(facts),
    own: schema.name ?? objectNames(table).typed,
  });
  return await add(run, present.text, additions);
}

/** What checks a schema file is loaded where there is one. */
async function schemaOf(text: string, path: string, table: string): Promise<Schema> {
  const { readSchema } = await import('../../../../src/schema/read-schema.ts');
  return readSchema(text, path, table);
}

type Run = {
  readonly options: SchemaInferOptions;
  readonly present: PresentSchemas;
  readonly proposal: ProposedSchema;
  readonly read: ItemsRead;
  readonly dependencies: Dependencies;
  readonly output: Output;
};

/** Prints or writes a whole file. */
async function propose({ options, present: { path }, proposal, read, dependencies, output }: Run): Promise<ExitCode> {
  const { write } = options;
  requireColumns(proposal);
  warnOfWords(proposal.views, output);
  const text = printJson(proposal);
  if (write) await dependencies.writeText(path, `${text}\n`);
  if (output.json) output.emit({ ...summary(options, read), file: path, written: write, schema: proposal });
  else if (write) output.report(`Wrote ${path}: ${contents(proposal)}. ${nextStep(options)}`);
  else output.print(text);
  return 0;
}

/** Prints or writes what a file lacks. */
async function add(
  { options, present: { path }, read, dependencies, output }: Run,
  text: string,
  { columns, views }: Additions,
): Promise<ExitCode> {
  const { write } = options;
  warnOfWords(views, output);
  const insertions = insertionsOf(text, [
    ...columns.map(({ at, added }) => ({ at, values: added })),
    ...(views.length > 0 ? [{ at: ['views'], values: views }] : []),
  ]);
  const isComplete = insertions.length === 0;
  if (write && !isComplete) await dependencies.writeText(path, inserted(text, insertions));
  const added = { columns: columns.flatMap((list) => list.added), views };
  if (output.json)
    output.emit({
      ...summary(options, read),
      file: path,
      written: write && !isComplete,
      additions: { columns, views },
    });
  else if (isComplete) output.report(`${path} lacks nothing: its columns show every path.`);
  else if (write) output.report(`Added to ${path}: ${contents(added)}. ${nextStep(options)}`);
  else output.print(insertionDiff(path, text, insertions));
  if (write || isComplete) return 0;
  output.note(`${path} lacks ${contents(added)}: \`tailrace … --write\` adds them, and changes nothing else.`);
  return 1;
}

/** What makes the views of a file that was written. */
function nextStep({ table, schemas }: SchemaInferOptions): string {
  return `\`tailrace views apply ${table}${schemasOption(schemas)}\` makes its views.`;
}

function summary({ table }: SchemaInferOptions, { facts, from, units }: ItemsRead) {
  return { table, from, items: facts.items, read_units: units };
}

function contents({ columns, views = [] }: Pick<ProposedSchema, 'columns' | 'views'>): string {
  return [counted(columns.length, 'column'), ...(views.length > 0 ? [counted(views.length, 'view')] : [])].join(
    ' and ',
  );
}

/** The words of a `where` are values of items: they are the reader's to judge. */
function warnOfWords(views: ProposedSchema['views'] = [], output: Output): void {
  for (const name of doubtfulWords(views)) {
    output.warn(
      `Kinds of items are told by ${JSON.stringify(name)}, whose values have spaces or digits, as people's names and codes have: ` +
        'they are in the proposal. Look at each `where` before you share it.',
    );
  }
}

/** What the items have, and no column shows. */
function leftOut({ facts: { limits } }: ItemsRead): readonly string[] {
  return [
    ...(limits.hasDataNames
      ? ['Some attributes have names that look like data, such as ids: no column is made of them.']
      : []),
    ...(limits.hasTooManyNames
      ? ['There are more than 1,000 names of attributes: columns are made of the first, in order of their text.']
      : []),
  ];
}

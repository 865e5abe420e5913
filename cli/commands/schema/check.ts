import type { Dependencies } from '../../dependencies.ts';
import { readSchemas } from '../../options/schema-files.ts';
import type { ExitCode } from '../../start.ts';
import { counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';

export type SchemaCheckOptions = {
  /** `undefined` for every table that has a schema. */
  readonly table: string | undefined;
  /** Directory of the schemas. */
  readonly schemas: string;
};

/**
 * Reads schema files, and nothing else.
 *
 * @throws {TailraceError} `config-invalid` with every problem of every file.
 */
export async function schemaCheck(
  { table, schemas }: SchemaCheckOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  for (const { table: name, path, schema } of await readSchemas(schemas, table, dependencies)) {
    const { columns, views } = schema;
    if (output.json) output.emit({ table: name, file: path, columns: columns.length, views: views.length });
    else output.print(`${path}: ${counted(columns.length, 'column')} and ${counted(views.length, 'more view')}.`);
  }
  return 0;
}

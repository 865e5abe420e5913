import { datasetPath } from '../../../src/destination/bigquery/dataset-path.ts';
import { catalogOf } from '../../../src/destination/duckdb/file-catalog.ts';
import { TailraceError } from '../../../src/errors.ts';
import { objectNames } from '../../../src/names/object-names.ts';
import { type DbtPlace, dbtSources } from '../../../src/reporting/dbt-sources.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import type { ExitCode } from '../../start.ts';
import type { Output } from '../../terminal/output.ts';
import { schemaViews } from './schema-views.ts';

export type SchemaDbtOptions = Invocation & {
  readonly table: string;
  /** Directory of the schemas. */
  readonly schemas: string;
  /** Name of the source in dbt. @default the dataset, or the file without its extension */
  readonly source?: string | undefined;
};

/** Prints dbt's sources of a table. */
export async function schemaDbt(
  options: SchemaDbtOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { table, destination } = options;
  if (output.json) {
    throw new TailraceError('usage-invalid', 'The sources are YAML, and never JSON', { remedy: 'Leave --json out.' });
  }
  const views = await schemaViews(options, dependencies);
  const place = placeOf(destination);
  const name = options.source ?? (place.warehouse === 'bigquery' ? place.schema : place.database);
  const sources = { name, place, views, changelog: objectNames(table).changelog };
  output.print(dbtSources(sources, commentOn(table, place, destination)).trimEnd());
  return 0;
}

/** Where dbt finds what a destination holds. */
function placeOf(destination: string): DbtPlace {
  const [, scheme, rest = ''] = /^([a-z]+):(.*)$/s.exec(destination) ?? [];
  if (scheme === 'duckdb') return { warehouse: 'duckdb', database: catalogOf(rest), schema: 'main' };
  const { project, dataset } = datasetPath(rest);
  return { warehouse: 'bigquery', database: project, schema: dataset };
}

function commentOn(table: string, { warehouse, database }: DbtPlace, destination: string): readonly string[] {
  const first = `The typed views of the DynamoDB table ${table} and its changelog, by \`tailrace schema dbt ${table}\`.`;
  if (warehouse === 'bigquery') return [first];
  const path = JSON.stringify(destination.slice('duckdb:'.length));
  return [
    first,
    'In profiles.yml, attach the file, so that dbt makes its own tables elsewhere:',
    `  attach: [{path: ${path}, alias: ${JSON.stringify(database)}, read_only: true}]`,
  ];
}

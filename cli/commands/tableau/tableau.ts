import { TailraceError } from '../../../src/errors.ts';
import { hiddenColumns, tableauDataSource } from '../../../src/reporting/tableau/data-source.ts';
import type { TypedView } from '../../../src/schema/typed-view.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import { refuseDestinationFile } from '../../options/destination-file.ts';
import type { ExitCode } from '../../start.ts';
import type { Output } from '../../terminal/output.ts';
import { schemaViews } from '../schema/schema-views.ts';
import { filesFor, type Written, writeDataSource } from './data-source-files.ts';
import { connectionFor, type PlaceOptions } from './place.ts';

export type TableauOptions = Invocation &
  PlaceOptions & {
    readonly table: string;
    /** Directory of the schemas. */
    readonly schemas: string;
    /** A file, a directory, or `-`. */
    readonly out: string;
    readonly view?: string | undefined;
    readonly force?: boolean | undefined;
  };

/** Writes the Tableau data sources of a table's typed views. All are made before the first is written. */
export async function tableau(options: TableauOptions, dependencies: Dependencies, output: Output): Promise<ExitCode> {
  const { out, force = false } = options;
  if (out === '-' && output.json) {
    throw new TailraceError('usage-invalid', '--out - and --json exclude each other', { remedy: 'Name a file.' });
  }
  const views = await schemaViews(options, dependencies);
  if (options.extract !== undefined && views.length > 1) throw severalViews(views);
  const made = filesFor(out, views).map(({ view, path }) => {
    const connection = connectionFor(view.name, out === '-' ? '.' : path, options);
    return { view, path, connection, text: tableauDataSource(view, connection) };
  });
  if (out !== '-') for (const { path } of made) await refuseDestinationFile(options.destination, path);
  for (const { view, path, connection, text } of made) {
    if (out === '-') output.print(text.trimEnd());
    else report(view.name, path, await writeDataSource(path, text, force), output);
    for (const { name, why } of hiddenColumns(view, connection.kind)) {
      output.note(`${view.name}: ${name} ${why}, and is hidden.`);
    }
  }
  return 0;
}

function report(view: string, path: string, written: Written, output: Output): void {
  if (output.json) output.emit({ view, file: path, action: written });
  else output.print(`${path} was ${written === 'unchanged' ? 'right already' : written}: the view ${view}.`);
}

function severalViews(views: readonly TypedView[]): TailraceError {
  const names = views.map(({ name }) => name);
  return new TailraceError('usage-invalid', `An extract holds one view, and the views are ${names.join(', ')}`, {
    remedy: `Name one of them: run \`tailrace … --view ${names[0]}\`.`,
  });
}

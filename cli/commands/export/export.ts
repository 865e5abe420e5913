import type { Destination } from '../../../src/destination/destination.ts';
import { requireKnown } from '../../../src/destination/nothing-of-table.ts';
import { type ExportedRows, pickColumns } from '../../../src/destination/row-exporter.ts';
import { TailraceError } from '../../../src/errors.ts';
import { interruptible } from '../../../src/interruptible.ts';
import type { ExportForm } from '../../../src/views/copy-statement.ts';
import type { RowChoice } from '../../../src/views/exported-rows.ts';
import type { Dependencies } from '../../dependencies.ts';
import type { Invocation } from '../../invocation.ts';
import { refuseDestinationFile } from '../../options/destination-file.ts';
import type { ExitCode } from '../../start.ts';
import { billLine, estimateLines, estimateObject, isOverCap } from '../../terminal/bill.ts';
import type { Output } from '../../terminal/output.ts';
import { chooseView } from './choose-view.ts';
import { createDraft, type Draft } from './draft.ts';
import { makeExtract, requireExtract } from './extract.ts';
import { type FileFormat, type FormOptions, formOf } from './form.ts';
import { type DoneExport, doneLine, doneObject, exportProgress, priceLine } from './report.ts';
import { type Target, targetOf } from './target.ts';

export type ExportOptions = Invocation &
  FormOptions & {
    readonly table: string;
    readonly view?: string | undefined;
    /** Names with commas between them. */
    readonly columns?: string | undefined;
    readonly where?: string | undefined;
    /** Whether a file that exists is replaced unasked. */
    readonly force?: boolean | undefined;
    readonly dryRun?: boolean | undefined;
  };

/** Writes a view of a table into a file, or to standard output. */
export async function exportTable(
  options: ExportOptions,
  dependencies: Dependencies,
  output: Output,
): Promise<ExitCode> {
  const { table, out, dryRun = false } = options;
  const { format, form } = formOf(options);
  const target = await targetOf(out);
  if (target.path !== null) await refuseDestinationFile(options.destination, out);
  if (!dryRun) refuseTerminal(format, target, output);
  await using destination = await dependencies.openDestination(options.destination);
  await requireKnown(table, destination);
  const choice = await choiceOf(options, destination);
  const estimate = await destination.estimateExport(choice);
  if (dryRun) {
    if (output.json) output.emit(estimateObject(estimate));
    else for (const line of estimateLines(estimate)) output.report(line);
    return isOverCap(estimate) ? 1 : 0;
  }
  if (!(await mayReplace(target, options.force ?? false, dependencies))) {
    output.note(`${target.name} is unchanged.`);
    return 1;
  }
  if (format === 'hyper') await requireExtract(options, dependencies);
  const price = priceLine(estimate);
  if (price !== undefined) output.note(price);

  await using draft = await createDraft(target);
  const exported = await write(choice, form, draft, destination, dependencies, output);
  if (format === 'hyper') await makeExtract(draft, choice.view, exported.columns, options, dependencies, output);
  const bytes = await draft.size();
  if (target.path !== null) await draft.publish();
  else if (!(await isPassedOn(draft, dependencies.signal, output))) return 0;
  const file = target.path === null ? null : target.name;
  report({ ...exported, table, destination: destination.name, view: choice.view, format, file, bytes }, output);
  return 0;
}

/** A terminal can't show a binary file, and some of its bytes would change the terminal's settings. */
function refuseTerminal(format: FileFormat, { path }: Target, output: Output): void {
  const isBinary = format === 'parquet' || format === 'hyper';
  if (!isBinary || path !== null || output.width === null) return;
  throw new TailraceError(
    'usage-invalid',
    `${format === 'parquet' ? 'Parquet' : 'A Tableau extract'} is not for a terminal`,
    {
      remedy: 'Name a file with --out, or send standard output to a file or a program.',
    },
  );
}

async function choiceOf(
  { table, view: wanted, columns, where }: ExportOptions,
  destination: Destination,
): Promise<RowChoice> {
  const view = chooseView(table, await destination.ownedObjects(table), wanted);
  const all = await destination.viewColumns(view);
  const names = columns === undefined ? all.map(({ name }) => name) : columns.split(',').map((name) => name.trim());
  return { view, columns: pickColumns(view, all, names).map(({ name }) => name), where: where ?? null };
}

async function mayReplace({ exists, name }: Target, force: boolean, { confirm }: Dependencies): Promise<boolean> {
  if (!exists || force) return true;
  const answer = await confirm(`Replace ${name}, which exists?`);
  if (answer !== null) return answer;
  throw new TailraceError('usage-invalid', `${name} exists`, {
    remedy: 'Run `tailrace … --force` to replace it, or name another file with --out.',
  });
}

/** DuckDB, which writes the file, is loaded only here. */
async function write(
  choice: RowChoice,
  form: ExportForm,
  { path, shownAs, scratch }: Draft,
  destination: Destination,
  { clock, signal }: Dependencies,
  output: Output,
): Promise<ExportedRows> {
  const { FileWriter } = await import('../../../src/export/file-writer.ts');
  const progress = exportProgress(clock, output);
  try {
    const writer = new FileWriter({ path, shownAs, form, scratch, clock, signal, onProgress: progress.update });
    return await destination.exportRows(choice, writer, signal);
  } finally {
    progress.stop();
  }
}

/** Sends a file to standard output, as fast as its reader takes it. Gives whether the reader stayed to the end. */
async function isPassedOn(draft: Draft, signal: AbortSignal, output: Output): Promise<boolean> {
  for await (const bytes of draft.read()) {
    await interruptible('The export', signal, output.send(bytes));
    if (output.closed.aborted) return false;
  }
  return true;
}

/** Where the rows themselves go to standard output, nothing else does. */
function report(done: DoneExport, output: Output): void {
  const isData = done.file === null;
  if (output.json) {
    const object = doneObject(done);
    if (isData) output.note(JSON.stringify(object));
    else output.emit(object);
    return;
  }
  if (isData) output.note(doneLine(done));
  else output.report(doneLine(done));
  if (done.bill !== undefined) output.note(billLine(done.bill));
}

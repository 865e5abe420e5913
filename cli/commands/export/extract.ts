import { type ExportedColumn, isNested } from '../../../src/views/exported-type.ts';
import type { Dependencies } from '../../dependencies.ts';
import { counted } from '../../terminal/format.ts';
import type { Output } from '../../terminal/output.ts';
import type { Draft } from './draft.ts';
import type { FormOptions } from './form.ts';

type Extract = Pick<FormOptions, 'python'>;

/** Refuses an extract that can't be made here, before anything is billed. */
export async function requireExtract({ python }: Extract, { signal }: Dependencies): Promise<void> {
  const { requireHyper } = await import('../../hyper/make-hyper.ts');
  await requireHyper({ python, signal });
}

/**
 * Makes a Tableau extract of a draft in Parquet, which takes its place, and tells what had to change for it.
 *
 * @param view Name of the table in the extract, by which a data source finds it.
 * @param columns Those that were exported; lists and structs are text in the draft.
 */
export async function makeExtract(
  { path, shownAs }: Draft,
  view: string,
  columns: readonly ExportedColumn[],
  { python }: Extract,
  { signal }: Dependencies,
  output: Output,
): Promise<void> {
  const { makeHyper } = await import('../../hyper/make-hyper.ts');
  const { nulled } = await makeHyper({ parquet: path, out: path, table: view, python, shownAs, signal });
  const nested = columns.filter(({ type }) => isNested(type)).map(({ name }) => name);
  if (nested.length > 0) output.note(`These columns are JSON text in the extract: ${nested.join(', ')}.`);
  for (const { column, values } of nulled) {
    output.warn(`${column}: ${counted(values, 'time')} that Tableau can't hold, NULL in the extract.`);
  }
}

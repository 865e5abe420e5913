import { comparisonName, objectNames } from '../../names/object-names.ts';
import type { KeyDigest } from '../../snapshot/row.ts';
import type { SourceTable } from '../../source/source-table.ts';
import type { ComparedSource } from '../../views/comparison.ts';
import type { Dialect } from '../../views/dialect.ts';
import { comparisonTable } from '../../views/table-definition.ts';
import { writeAnnotation } from '../annotation.ts';
import type { Comparison, SourceComparison } from '../comparer.ts';
import { ORPHAN_MS, renewedComparison } from '../renewed-comparison.ts';
import type { RowFile } from '../row-file.ts';
import { sqlComparison } from '../sql-comparison.ts';
import { sqlRows } from '../sql-row.ts';
import type { Dataset } from './dataset.ts';
import { loadFile } from './load.ts';
import { select } from './query.ts';
import { ensureTable } from './table.ts';

/** Starts a comparison in a table of its own, which expires in case it is never dropped. */
export async function startComparison(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  id: string,
): Promise<SourceComparison> {
  const { clock } = dataset.caller;
  const name = comparisonName(id);
  const comment = writeAnnotation({ of: 'comparison', tableName: table.name, createdAt: clock.now() });
  await ensureTable(dataset, comparisonTable(id, comment), 'comparison', clock.now() + ORPHAN_MS);
  let loads = 0;
  const comparison = {
    ...comparisonOf(dataset, dialect, table, { comparison: id }),
    add: (rows: RowFile<KeyDigest>) => loadFile(dataset, name, String(loads++), rows),
    [Symbol.asyncDispose]: () => dataset.dropTable(name),
  };
  const renew = () => dataset.patchTable(name, { expirationTime: String(clock.now() + ORPHAN_MS) });
  return renewedComparison(comparison, clock, renew);
}

/** Compares an existing table of keys and digests. */
export function comparisonOf(
  dataset: Dataset,
  dialect: Dialect,
  table: SourceTable,
  source: ComparedSource,
): Comparison {
  const names = objectNames(table.name);
  const rows = async (sql: string) => sqlRows(await select(dataset, `compare with ${names.latest}`, { sql }));
  return sqlComparison({ dialect, names, source, salt: dataset.caller.random.hex(16), rows });
}

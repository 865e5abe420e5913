import type { Breakage } from '../breakage.ts';

/** Where a table was deleted and made again under its name. */
export const REMADE_BREAKAGES: readonly Breakage[] = [
  {
    name: 'gaps searched for in a table made again',
    file: 'cli/commands/gaps.ts',
    find: 'await requireSameTable(description.table, destination);',
    replace: '',
  },
  {
    name: 'TableId not compared',
    file: 'src/destination/source-conflict.ts',
    find: 'if (table.tableId !== null && known.tableId !== null && table.tableId !== known.tableId) {',
    replace: 'if (false) {',
  },
  {
    name: 'snapshot of an earlier table published by hand',
    file: 'cli/commands/snapshots/publish-snapshot.ts',
    find: '} else if (isForeign) {',
    replace: '} else if (false) {',
  },
  {
    name: 'rollback to a snapshot of an earlier table',
    file: 'src/snapshot/history.ts',
    find: 'return tableArn !== table.arn || (tableId !== null && tableId !== table.tableId);',
    replace: 'return tableArn !== table.arn;',
  },
  {
    name: 'records of an earlier table replayed',
    file: 'src/destination/known-stream.ts',
    find: 'if (seen === null || seen.streams.includes(label)) return;',
    replace: 'if (true) return;',
  },
  {
    name: 'tail resumed in a table made again',
    file: 'src/stream/checkpoint-file.ts',
    find: 'const isOtherTable = found.tableId !== null && tableId !== null && found.tableId !== tableId;',
    replace: 'const isOtherTable = false;',
  },
];

import type { AppliedView, ColumnMisfits } from '../../../src/destination/view-store.ts';
import { JSON_TYPES } from '../../../src/views/misfits.ts';

/** What a column finds, of which a test says what matters: without NULLs, and with the types of the listed misfits. */
export function columnMisfits(parts: Partial<ColumnMisfits>): ColumnMisfits {
  const { listed = [] } = parts;
  const ofType = (type: string) => listed.filter((misfit) => misfit.type === type).length;
  const byType = Object.fromEntries(JSON_TYPES.map((type) => [type, ofType(type)])) as ColumnMisfits['byType'];
  return { present: 0, nulls: 0, misfits: 0, byType, listed, ...parts };
}

/** A view that was applied, without its texts. */
export function appliedView(name: string, action: AppliedView['action']): AppliedView {
  return { name, action, before: null, after: null };
}

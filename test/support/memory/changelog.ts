import type { ChangelogRow } from '../../../src/changelog/row.ts';
import type { ChangelogAppender, Rejection } from '../../../src/destination/destination.ts';
import { TailraceError } from '../../../src/errors.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import type { OneOf } from '../faults.ts';

/** The faults of an append. */
export type AppendFault = OneOf<'none' | 'refuse' | 'lose-response'>;

/** A changelog in memory whose appends go wrong by script: one fault a call, then none. */
export class MemoryChangelog implements ChangelogAppender {
  readonly rows: ChangelogRow[] = [];
  calls = 0;
  readonly #faults: AppendFault[];
  readonly #rejects: (row: ChangelogRow) => boolean;

  constructor({
    faults = [],
    rejects = () => false,
  }: { faults?: readonly AppendFault[]; rejects?: (row: ChangelogRow) => boolean } = {}) {
    this.#faults = [...faults];
    this.#rejects = rejects;
  }

  async append(_table: SourceTable, rows: readonly ChangelogRow[]): Promise<readonly Rejection[]> {
    this.calls++;
    const fault = this.#faults.shift() ?? 'none';
    if (fault === 'refuse') throw new TailraceError('destination-unavailable', 'Injected: refused');
    this.rows.push(...rows.filter((row) => !this.#rejects(row)));
    if (fault === 'lose-response') throw new TailraceError('destination-unavailable', 'Injected: response lost');
    return rows.flatMap((row, index) =>
      this.#rejects(row) ? [{ index, kind: 'row-rejected', reason: 'Injected: rejected' } as const] : [],
    );
  }
}

import type { BackfillCheckpoints } from '../../../backfill/checkpoint.ts';
import { decodeBackfillCheckpoint, encodeBackfillCheckpoint } from '../../../backfill/checkpoint-format.ts';
import { TailraceError } from '../../../src/errors.ts';

/** A checkpoint's file, in memory. */
export class MemoryCheckpoints implements BackfillCheckpoints {
  readonly name = 'backfill.json';
  readonly destination = 'memory';
  /** The file's text; `null` if there is none. */
  text: string | null = null;
  saves = 0;
  /** Awaited before and after each step; an error that it throws fails the step. */
  step: () => Promise<void> = async () => {};

  async load() {
    await this.step();
    if (this.text === null) return null;
    const found = decodeBackfillCheckpoint(this.text);
    if ('problem' in found) throw new TailraceError('state-invalid', found.problem);
    return found;
  }

  async save(checkpoint: Parameters<BackfillCheckpoints['save']>[0]) {
    await this.step();
    this.text = encodeBackfillCheckpoint(checkpoint);
    this.saves++;
    await this.step();
  }

  async clear() {
    await this.step();
    this.text = null;
    await this.step();
  }
}

import type { BackfillCheckpoints } from '../../../backfill/checkpoint.ts';
import { decodeBackfillCheckpoint, encodeBackfillCheckpoint } from '../../../backfill/checkpoint-format.ts';
import { TailraceError } from '../../../src/errors.ts';

/** A checkpoint as its file holds it, in memory. */
export class MemoryCheckpoints implements BackfillCheckpoints {
  readonly name = 'backfill.json';
  readonly destination = 'memory';
  /** What the file holds; `null` where there is none. */
  text: string | null = null;
  saves = 0;
  /** Waited for before each step and after it; what it throws fails the step. */
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

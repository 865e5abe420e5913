import type * as Fs from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { RowSpool } from '../../../../backfill/scan/row-spool.ts';
import { rowsOf } from '../../../../src/destination/row-file.ts';
import { SNAPSHOT_FORM } from '../../../../src/destination/row-form.ts';
import { scannedRow } from '../../../support/values/rows.ts';
import { temporaryFolder } from '../../../support/vitest/temporary-folder.ts';

/** What a disk does with the next writes: it takes half of one, and is full; then it has room again. */
const troubles = vi.hoisted((): ('half' | 'full')[] => []);

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>();
  const writeSync = (file: number, bytes: Buffer, from: number) => {
    const trouble = troubles.shift();
    if (trouble === 'full') throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    return fs.writeSync(file, bytes, from, trouble === 'half' ? Math.floor((bytes.length - from) / 2) : null);
  };
  return { ...fs, writeSync };
});

test('a file that a full disk tore is never closed as a whole one, even where there is room again', () => {
  const spool = new RowSpool(join(temporaryFolder(), 'rows'), SNAPSHOT_FORM);
  const fill = (from: number) => {
    for (let id = from; id < from + 2_000; id++) spool.add(scannedRow(`item ${id}`));
  };
  const whole = () => {
    // What another segment of the scan has read meanwhile.
    fill(2_000);
    return [...rowsOf(spool.close().file)].map(({ key }) => key);
  };

  troubles.push('half', 'full');
  expect(() => fill(0)).toThrow('its disk is full');

  expect(whole).toThrow('its disk is full');
});

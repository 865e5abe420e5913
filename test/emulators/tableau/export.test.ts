import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createWorkplace } from '../../support/process/tailrace-process.ts';
import { streamRecord } from '../../support/stream/record.ts';
import { reportAbsent } from '../../support/vitest/report-absent.ts';
import { pythonEnvironment } from '../cached-install.ts';

const READ = path.join(import.meta.dirname, 'read-hyper.py');
const TOTAL = '12345678901234567890123456789.123456789';

const environment = await pythonEnvironment(['tableauhyperapi==0.0.26963']).catch((error: unknown) => {
  reportAbsent("Tableau's engine for extracts", error instanceof Error ? error.message : String(error));
  return null;
});
const python = path.join(environment ?? '', 'bin', 'python');

describe.skipIf(environment === null)('export --format hyper', () => {
  test('brings the NUMERIC of a typed view into an extract, exactly, and leaves no log', async () => {
    await using workplace = await createWorkplace();
    const destination = ['--destination', 'duckdb:shop.duckdb'];
    const newImage = { id: { S: 'A-1' }, total: { N: TOTAL } };
    const Records = [streamRecord({ keys: { id: { S: 'A-1' } }, newImage, sequenceNumber: '1' })];
    mkdirSync(path.join(workplace.directory, 'schemas'));
    writeFileSync(
      path.join(workplace.directory, 'schemas/Orders.json'),
      '{"columns": [{"name": "id", "type": "STRING"}, {"name": "total", "type": "NUMERIC"}]}',
    );

    await workplace.tailrace(['replay', 'Orders', '--file', '-', ...destination], {
      stdin: JSON.stringify({ Records }),
    });
    await workplace.tailrace(['views', 'apply', 'Orders', ...destination]);
    const done = await workplace.tailrace(['export', 'Orders', ...destination, '--out', 'o.hyper', '--python', python]);

    expect(done).toMatchObject({ code: 0 });
    const { stdout } = await promisify(execFile)(python, [READ, path.join(workplace.directory, 'o.hyper')]);
    expect(stdout).toContain(TOTAL);
    expect((await workplace.files()).filter((name) => name.endsWith('.log'))).toEqual([]);
  });
});

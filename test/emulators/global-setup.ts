import process from 'node:process';
import type { TestProject } from 'vitest/node';
import { reportAbsent } from '../support/vitest/report-absent.ts';
import { startBqemulator } from './bqemulator.ts';

/** The BigQuery that the tests talk to; `null` if there is none. */
export type BigQueryUnderTest = {
  readonly endpoint: string | null;
  readonly project: string;
  /** What the names of the tests' own datasets begin with. */
  readonly prefix: string;
};

declare module 'vitest' {
  interface ProvidedContext {
    bigQuery: BigQueryUnderTest | null;
  }
}

/**
 * Provides BigQuery: a real project by `TAILRACE_TEST_BIGQUERY=project.dataset` (with the machine's own credentials), any
 * server by `TAILRACE_BIGQUERY_ENDPOINT`, and otherwise bqemulator, which it starts and stops.
 */
export default async function setup({ provide }: TestProject): Promise<(() => PromiseLike<void>) | undefined> {
  const [project = 'test', prefix = 'tailrace_test'] = process.env['TAILRACE_TEST_BIGQUERY']?.split('.') ?? [];
  const endpoint = process.env['TAILRACE_BIGQUERY_ENDPOINT'] || null;
  if (endpoint !== null || process.env['TAILRACE_TEST_BIGQUERY']) {
    provide('bigQuery', { endpoint, project, prefix });
    return undefined;
  }
  try {
    const emulator = await startBqemulator();
    provide('bigQuery', { endpoint: emulator.endpoint, project, prefix });
    return () => emulator[Symbol.asyncDispose]();
  } catch (error) {
    reportAbsent('the BigQuery emulator', error instanceof Error ? error.message : String(error));
    provide('bigQuery', null);
    return undefined;
  }
}

import type { TestProject } from 'vitest/node';
import { reportAbsent } from '../support/vitest/report-absent.ts';
import { startZetaSql } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of the reference implementation; `null` if there is none. */
    zetaSql: string | null;
  }
}

/** Starts the reference implementation of GoogleSQL for all tests, and stops it. */
export default async function setup({ provide }: TestProject): Promise<(() => PromiseLike<void>) | undefined> {
  try {
    const server = await startZetaSql();
    provide('zetaSql', server.address);
    return () => server[Symbol.asyncDispose]();
  } catch (error) {
    reportAbsent("Google's reference implementation of SQL", error instanceof Error ? error.message : String(error));
    provide('zetaSql', null);
    return undefined;
  }
}

import type { TestProject } from 'vitest/node';
import { reportAbsent } from '../../support/vitest/report-absent.ts';
import { type Launch, SERVER_KINDS } from './servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** How each DynamoDB-compatible server is started, by its name; `null` if it can't be had. */
    dynamoDbServers: Readonly<Record<string, Launch | null>>;
  }
}

/** Installs the DynamoDB-compatible servers that aren't installed yet. */
export default async function setup({ provide }: TestProject): Promise<void> {
  const installed = await Promise.all(
    SERVER_KINDS.map(async ({ name, version, install }) => {
      try {
        return [name, await install()] as const;
      } catch (error) {
        reportAbsent(`${name} ${version}`, error instanceof Error ? error.message : String(error));
        return [name, null] as const;
      }
    }),
  );
  provide('dynamoDbServers', Object.fromEntries(installed));
}

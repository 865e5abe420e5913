import process from 'node:process';

/**
 * Reports on stderr that a server of the slower tests isn't available here. `.ci/run` collects the lines that begin with `SKIPPED`.
 *
 * @throws {Error} instead, where `TAILRACE_REQUIRE_EMULATORS=1` forbids skips.
 */
export function reportAbsent(server: string, reason: string): void {
  const line = `SKIPPED: all tests that need ${server}: ${reason}`;
  if (process.env['TAILRACE_REQUIRE_EMULATORS'] === '1') throw new Error(line);
  process.stderr.write(`\n${line}\n\n`);
}

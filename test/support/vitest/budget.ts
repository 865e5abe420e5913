/** Runs of each property: a hundred in a test run, more by `TAILRACE_PROPERTY_RUNS`. fast-check prints the seed. */
export const RUNS = { numRuns: Number(process.env['TAILRACE_PROPERTY_RUNS'] ?? 100) };

/** Runs of cheap properties: ten times as many. */
export const MANY_RUNS = { numRuns: RUNS.numRuns * 10 };

/** How often a test verifies a table that is written to: a few times in a test run, more by `TAILRACE_VERIFY_RUNS`. */
export const VERIFIES = Number(process.env['TAILRACE_VERIFY_RUNS'] ?? 5);

/** Mutated inputs of each fuzz test: a thousand in a test run, more by `TAILRACE_FUZZ_RUNS`; from `TAILRACE_FUZZ_SEED` on. */
export const FUZZ = {
  runs: Number(process.env['TAILRACE_FUZZ_RUNS'] ?? 1_000),
  firstSeed: Number(process.env['TAILRACE_FUZZ_SEED'] ?? 1),
};

/** How often a test kills a process: a few times in a test run, more by `TAILRACE_KILLS`. */
export const KILLS = Number(process.env['TAILRACE_KILLS'] ?? 2);

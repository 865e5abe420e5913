// `npm test` runs a part of each budget, `.ci/run` all of it.

/** Runs of each property: more by `TAILRACE_PROPERTY_RUNS`. fast-check prints the seed. */
export const RUNS = { numRuns: Number(process.env['TAILRACE_PROPERTY_RUNS'] ?? 25) };

/** For properties so cheap that a thousand runs cost nothing. */
export const MANY_RUNS = { numRuns: Math.max(1_000, RUNS.numRuns * 10) };

/** Histories that the simulation plays: more by `TAILRACE_HISTORIES`. */
export const HISTORIES = Number(process.env['TAILRACE_HISTORIES'] ?? 100);

/** How often a test verifies a table that is written to: more by `TAILRACE_VERIFY_RUNS`. */
export const VERIFIES = Number(process.env['TAILRACE_VERIFY_RUNS'] ?? 2);

/** Mutated inputs of each fuzz test: a thousand in a test run, more by `TAILRACE_FUZZ_RUNS`; from `TAILRACE_FUZZ_SEED` on. */
export const FUZZ = {
  runs: Number(process.env['TAILRACE_FUZZ_RUNS'] ?? 1_000),
  firstSeed: Number(process.env['TAILRACE_FUZZ_SEED'] ?? 1),
};

/** How often a test kills a process: a few times, more by `TAILRACE_KILLS`. */
export const KILLS = Number(process.env['TAILRACE_KILLS'] ?? 2);

/** Rounds of each contender, taken in turn, so that other load on the machine affects all of them alike. */
const ROUNDS = 7;

/** CPU time that the compiler gets to see of each contender before it counts, in milliseconds. */
const WARM_UP_MS = 600;

/**
 * Measures contenders against each other in one run: CPU time of this process, user and system, in microseconds a unit,
 * as the median of several rounds in each of which all have their turn. Ratios of the results mean something; the
 * results themselves hold for this machine and moment.
 *
 * @param units How many units one call of a contender handles: the cost is per unit.
 */
export function compare<Name extends string>(
  contenders: Readonly<Record<Name, () => unknown>>,
  { units, roundMs = 150 }: { readonly units: number; readonly roundMs?: number },
): Record<Name, number> {
  const names = Object.keys(contenders) as Name[];
  const rounds = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (const name of names) costOf(contenders[name], WARM_UP_MS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) rounds.get(name)?.push(costOf(contenders[name], roundMs) / units);
  }
  return Object.fromEntries(names.map((name) => [name, median(rounds.get(name) ?? [])])) as Record<Name, number>;
}

/** CPU microseconds of one call, over as many calls as `cpuMs` of it allow: a busy machine makes rounds longer, not smaller. */
function costOf(work: () => unknown, cpuMs: number): number {
  const before = process.cpuUsage();
  for (let calls = 1; ; calls++) {
    work();
    const { user, system } = process.cpuUsage(before);
    if (user + system >= cpuMs * 1000) return (user + system) / calls;
  }
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

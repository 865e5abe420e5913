import type { Plan, Step } from './plan.ts';

/** Enough plays to make any history small. */
const MAX_PLAYS = 400;

/** The smallest plan that still goes wrong in the same way: with fewer steps, a simpler setting and shorter waits. */
export async function shrink(plan: Plan, goesWrong: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let plays = 0;
  let best = plan;
  const attempt = async (candidate: Plan): Promise<boolean> => {
    if (plays++ >= MAX_PLAYS || !(await goesWrong(candidate))) return false;
    best = candidate;
    return true;
  };

  for (let size = Math.ceil(plan.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < best.steps.length; ) {
      const steps = [...best.steps.slice(0, from), ...best.steps.slice(from + size)];
      if (!(await attempt({ ...best, steps }))) from += size;
    }
  }
  for (const simpler of [
    { changelogAgeMs: 60 * 60_000 },
    { skewMs: 0 },
    { fileSkewMs: 0 },
    { asksView: false },
    { shardCount: 1 },
    { itemsBefore: 0 },
    { readers: 'lambda' as const },
    { remade: null },
  ]) {
    await attempt({ ...best, setting: { ...best.setting, ...simpler } });
  }
  for (let index = 0; index < best.steps.length; index++) {
    const steps = best.steps.map((step, at): Step => (at === index ? { ...step, wait: 0 } : step));
    if (best.steps[index]?.wait !== 0) await attempt({ ...best, steps });
  }
  return best;
}

/** A violation without its numbers, by which a smaller history is known to go wrong in the same way. */
export function sameWrong(violation: string): string {
  return (violation.split('\n')[0] ?? '').replace(/\d+/g, 'n').replace(/\(.*\)/, '');
}

import { parentPort, workerData } from 'node:worker_threads';
import type { Outcome } from '../history/play.ts';
import { type Breakage, breakModules } from './breakage.ts';

/** What a worker is told to do. */
export type Order = { readonly play: number } | { readonly shrink: number };

/** What it answers: a history, or the smallest one that goes wrong like it. */
export type Answer = { readonly seed: number } & Omit<Outcome, 'story'> & { readonly story: string | null };

const port = parentPort;
if (!port) throw new Error('This runs as a worker');
const { breakage } = workerData as { readonly breakage: Breakage | null };
const checkBroken = breakage ? breakModules(breakage) : () => {};
// Loaded behind the breakage.
const [{ Engine }, { generate }, { play }, { shrink, sameWrong }] = await Promise.all([
  import('../world/memory-database.ts'),
  import('../history/generate.ts'),
  import('../history/play.ts'),
  import('../history/shrink.ts'),
]);
checkBroken();
const engine = await Engine.start();

port.on('message', async (order: Order) => {
  if ('play' in order) {
    const { story: _, ...outcome } = await play(generate(order.play), engine);
    port.postMessage({ seed: order.play, ...outcome, story: null } satisfies Answer);
    return;
  }
  const plan = generate(order.shrink);
  const [first = ''] = (await play(plan, engine)).violations;
  const smallest = await shrink(plan, async (candidate) => {
    const { violations } = await play(candidate, engine);
    return violations.some((violation) => sameWrong(violation) === sameWrong(first));
  });
  port.postMessage({ seed: order.shrink, ...(await play(smallest, engine)) } satisfies Answer);
});
port.postMessage('ready');

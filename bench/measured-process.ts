import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { median } from './measure.ts';

/** Cost of a whole process, from its start to its end: time, CPU on all its threads, and peak memory. */
export type Measurement = { readonly wallMs: number; readonly cpuMs: number; readonly peakMb: number };

const USAGE = join(import.meta.dirname, 'usage.cjs');

/** Runs a script by this Node, as a user runs it. */
export function measureNode(args: readonly string[], directory: string): Promise<Measurement> {
  return measure(process.execPath, ['--require', USAGE, ...args], directory);
}

/**
 * Runs a program that reports its CPU and memory on file descriptor 3 at its end.
 *
 * @param directory Where it runs.
 */
export async function measure(program: string, args: readonly string[], directory: string): Promise<Measurement> {
  const began = performance.now();
  const child = spawn(program, args, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const [, , stderr, usage] = child.stdio;
  if (!stderr || !usage || !('read' in usage)) throw new Error('A pipe of the measured process is missing');
  const [said, took, [code]] = await Promise.all([text(stderr), text(usage), once(child, 'exit')]);
  const wallMs = performance.now() - began;
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${said}`);
  return { wallMs, ...(JSON.parse(took) as Omit<Measurement, 'wallMs'>) };
}

/** The median of each figure. */
export function middle(readings: readonly Measurement[]): Measurement {
  return {
    wallMs: median(readings.map(({ wallMs }) => wallMs)),
    cpuMs: median(readings.map(({ cpuMs }) => cpuMs)),
    peakMb: median(readings.map(({ peakMb }) => peakMb)),
  };
}

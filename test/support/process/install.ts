import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs an installer to its end, quietly.
 *
 * @throws {Error} with the end of its output if it fails or isn't there.
 */
export async function install(command: string, args: readonly string[], cwd?: string): Promise<void> {
  const output: string[] = [];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => output.push(String(text)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${output.join('').trim().slice(-500)}`);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs an installer to its end, quietly.
 *
 * @throws {Error} with the last lines of what it said if it fails or isn't there.
 */
export async function install(command: string, args: readonly string[], cwd?: string): Promise<void> {
  const said: string[] = [];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(String(text)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${said.join('').trim().slice(-500)}`);
}

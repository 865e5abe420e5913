import { bashScript } from '../completion/bash.ts';
import { commandSpecs } from '../completion/command-spec.ts';
import { fishScript } from '../completion/fish.ts';
import { zshScript } from '../completion/zsh.ts';
import type { Root } from '../root.ts';
import type { ExitCode } from '../start.ts';
import type { Output } from '../terminal/output.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** The shells that commands can be completed in. */
export type Shell = keyof typeof SCRIPTS;

/**
 * Prints the script that completes commands, options and their values in a shell.
 *
 * @param root With every command declared.
 */
export async function completion(shell: Shell, root: Root, output: Output): Promise<ExitCode> {
  output.print(SCRIPTS[shell](commandSpecs(root)).trimEnd());
  return 0;
}

import { Argument } from '@commander-js/extra-typings';
import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

/** @param declareAll Gives `tailrace` with every command declared. */
export function declareCompletion(root: Root, start: Start, declareAll: () => Promise<Root>): void {
  const command = root
    .command('completion')
    .description(
      'Prints a script that lets a shell complete commands, options, destinations, and the names of the tables that have ' +
        'state in .tailrace/. Where it is started as `npx tailrace`, first define: tailrace() { npx tailrace "$@"; }',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish'] as const))
    .addHelpText(
      'after',
      examples(
        'tailrace completion fish | source       # in ~/.config/fish/config.fish',
        'source <(tailrace completion bash)      # in ~/.bashrc',
        'source <(tailrace completion zsh)       # in ~/.zshrc',
      ),
    );
  command.action((shell) =>
    start.locally(command.optsWithGlobals(), undefined, async (_, __, output) => {
      const { completion } = await import('../commands/completion.ts');
      return completion(shell, await declareAll(), output);
    }),
  );
}

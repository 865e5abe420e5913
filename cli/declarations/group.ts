import type { Root } from '../root.ts';
import { examples } from '../root.ts';
import type { Start } from '../start.ts';

/** A command that has subcommands and does nothing by itself. */
export type Group = ReturnType<typeof createGroup>;

/** The noun of a group, and its help. */
export type GroupHelp = {
  readonly noun: string;
  readonly description: string;
  readonly example: string;
};

/** Declares a group and its subcommands, in the order in which help lists them. */
export function declareGroup(
  root: Root,
  start: Start,
  help: GroupHelp,
  members: readonly ((group: Group, start: Start) => void)[],
): void {
  const group = createGroup(root, help);
  for (const declare of members) declare(group, start);
}

function createGroup(root: Root, { noun, description, example }: GroupHelp) {
  return root.command(noun).description(description).addHelpText('after', examples(example)).helpCommand(false);
}

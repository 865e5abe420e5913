/** An option that may stand before the command, as far as it matters there. */
type LeadingOption = {
  readonly short?: string | undefined;
  readonly long?: string | undefined;
  /** Whether the next argument is its value. */
  readonly required: boolean;
};

/** What the arguments name, and the same request with the command first asked for help where that was meant. */
export type Arranged<Command> = {
  /** What is known of the command, if there is one of this name. */
  readonly command: Command | undefined;
  /** The first argument that is no option; `undefined` if there is none. */
  readonly operand: string | undefined;
  /** The name of the command, after that of its group; empty if there is no command. */
  readonly path: string;
  readonly rest: readonly string[];
};

const HELP = '--help';

/**
 * Finds the command among the arguments, before its own options are known, and turns every way to ask for help into one:
 * `help X`, `help X Y`, `X help Y` of a group, and `--help X` become `X --help` and `X Y --help`.
 *
 * @param options Those that may stand before the command.
 * @param commands By name; a group lists its members.
 */
export function arrange<Command extends { readonly members?: readonly string[] }>(
  args: readonly string[],
  options: readonly LeadingOption[],
  commands: Readonly<Record<string, Command>>,
): Arranged<Command> {
  const at = operandIndex(args, options);
  const before = args.slice(0, at);
  const operand = args[at];
  if (operand === 'help') {
    const after = args.slice(at + 1);
    if (after.length === 0) return { command: undefined, operand: undefined, path: '', rest: [...before, HELP] };
    const named = arrange([...before, ...after], options, commands);
    return named.command ? { ...named, rest: askedForHelp(named.rest) } : named;
  }
  const command = operand !== undefined && Object.hasOwn(commands, operand) ? commands[operand] : undefined;
  if (operand === undefined || command === undefined) return { command: undefined, operand, path: '', rest: args };

  const isGroup = command.members !== undefined;
  const own = args.slice(isGroup && args[at + 1] === 'help' ? at + 2 : at + 1);
  const isAsked = own.length < args.length - at - 1 || before.some(isHelp);
  const rest = [...before.filter((arg) => !isHelp(arg)), operand, ...own];
  const member = command.members?.find((name) => name === own[0]);
  const path = member === undefined ? operand : `${operand} ${member}`;
  return { command, operand, path, rest: isAsked ? askedForHelp(rest) : rest };
}

function operandIndex(args: readonly string[], options: readonly LeadingOption[]): number {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') return index + 1;
    if (!arg.startsWith('-')) return index;
    if (options.some((option) => option.required && (arg === option.long || arg === option.short))) index++;
  }
  return args.length;
}

function askedForHelp(args: readonly string[]): readonly string[] {
  return args.some(isHelp) ? args : [...args, HELP];
}

function isHelp(arg: string): boolean {
  return arg === HELP || arg === '-h';
}

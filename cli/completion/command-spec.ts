import { Help } from '@commander-js/extra-typings';
import type { Root } from '../root.ts';

/** What may be the value of an option or an argument; a list has all values that there are. */
export type ValueKind = 'file' | 'directory' | 'destination' | 'table' | 'other' | readonly string[];

export type OptionSpec = {
  /** Such as `-v` and `--version`. */
  readonly names: readonly string[];
  readonly description: string;
  /** `null` if it takes none. */
  readonly value: ValueKind | null;
};

/** A command as it was declared. */
export type CommandSpec = {
  /** Its name after those of its groups: `snapshots list`. Empty for `tailrace` itself. */
  readonly path: string;
  readonly summary: string;
  /** The options that it has beside those of its groups. */
  readonly options: readonly OptionSpec[];
  readonly operands: readonly ValueKind[];
  readonly commands: readonly CommandSpec[];
};

/** Describes `tailrace` with all of its commands, each before its own commands. */
export function commandSpecs(root: Root): readonly CommandSpec[] {
  return flattened(specOf(root, ''));
}

/** The last part of a command's path. */
export function ownName({ path }: CommandSpec): string {
  return path.slice(path.lastIndexOf(' ') + 1);
}

/** The path of the group that a command belongs to; empty if it belongs to none. */
export function parentOf({ path }: CommandSpec): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(' ')));
}

/** An option with a value, and the command that it belongs to. */
export type ValuedOption = { readonly path: string; readonly name: string; readonly value: ValueKind };

/** The names of all options with a value: the word after one of them is neither a command nor an operand. */
export function valuedOptions(specs: readonly CommandSpec[]): readonly ValuedOption[] {
  return specs.flatMap(({ path, options }) =>
    options.flatMap(({ names, value }) => (value === null ? [] : names.map((name) => ({ path, name, value })))),
  );
}

type Declared = {
  name(): string;
  summary(): string;
  readonly commands: readonly Declared[];
  readonly registeredArguments: readonly { name(): string; readonly argChoices?: readonly string[] | undefined }[];
};

type DeclaredOption = {
  readonly short?: string | undefined;
  readonly long?: string | undefined;
  readonly flags: string;
  readonly description: string;
  readonly required: boolean;
};

function flattened(spec: CommandSpec): readonly CommandSpec[] {
  return [spec, ...spec.commands.flatMap(flattened)];
}

function specOf(command: Declared, path: string): CommandSpec {
  const options: readonly DeclaredOption[] = new Help().visibleOptions(
    command as Parameters<Help['visibleOptions']>[0],
  );
  return {
    path,
    summary: command.summary(),
    options: options.map(optionOf),
    operands: command.registeredArguments.map((argument) => argument.argChoices ?? kindOf(argument.name())),
    commands: command.commands.map((child) => specOf(child, path === '' ? child.name() : `${path} ${child.name()}`)),
  };
}

function optionOf({ short, long, flags, description, required }: DeclaredOption): OptionSpec {
  const placeholder = /<(.+)>/.exec(flags)?.[1] ?? '';
  return {
    names: [short, long].filter((name) => name !== undefined),
    description,
    value: required ? kindOf(long === '--destination' ? 'destination' : placeholder) : null,
  };
}

/** By the word that help shows for the value. */
function kindOf(word: string): ValueKind {
  if (word === 'path') return 'file';
  return word === 'file' || word === 'directory' || word === 'destination' || word === 'table' ? word : 'other';
}

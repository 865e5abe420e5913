import { type CommandSpec, type OptionSpec, ownName, parentOf, type ValueKind, valuedOptions } from './command-spec.ts';

/** The completion script for fish. */
export function fishScript(specs: readonly CommandSpec[]): string {
  return `\
# Completion of tailrace for fish. In ~/.config/fish/config.fish: tailrace completion fish | source
function __tailrace_at
    set -l at ''
    set -l option 0
    set -l operands 0
    for word in (commandline -opc)[2..-1]
        if test $option = 1
            set option 0
            continue
        end
        switch "$at:$word"
            case ${patternsOfValued(specs)}
                set option 1
            case '*:-*'
${specs
  .filter(({ path }) => path !== '')
  .map(
    (spec) =>
      `            case ${quoted(`${parentOf(spec)}:${ownName(spec)}`)}\n                set at ${quoted(spec.path)}`,
  )
  .join('\n')}
            case '*'
                set operands (math $operands + 1)
        end
    end
    test "$at" = "$argv[1]"; and begin
        test (count $argv) = 1; or test $operands = $argv[2]
    end
end
function __tailrace_tables
    for directory in .tailrace/*/
        path basename $directory 2>/dev/null; or basename $directory
    end
end
function __tailrace_destinations
    set -l word (commandline -ct | string replace -r '^--[a-z-]+=' '')
    if string match -q 'duckdb:*' -- $word
        for file in (string replace 'duckdb:' '' -- $word)*
            echo duckdb:$file
        end
    else
        printf '%s\\n' duckdb: bigquery:
    end
end
complete -c tailrace -f
${specs.flatMap((spec) => [...optionLines(spec), ...operandLines(spec)]).join('\n')}
`;
}

function optionLines({ path, options }: CommandSpec): readonly string[] {
  return options.map((option) => {
    // The options of `tailrace` itself may stand anywhere.
    const where = path === '' ? '' : ` -n ${quoted(`__tailrace_at ${quoted(path)}`)}`;
    return `complete -c tailrace${where} ${flags(option)} -d ${quoted(option.description)}${completedValue(option)}`;
  });
}

function operandLines({ path, commands, operands }: CommandSpec): readonly string[] {
  const where = (index: number) => ` -n ${quoted(`__tailrace_at ${quoted(path)} ${index}`)}`;
  if (commands.length > 0) {
    return commands.map(
      (command) => `complete -c tailrace${where(0)} -a ${quoted(ownName(command))} -d ${quoted(command.summary)}`,
    );
  }
  return operands.flatMap((kind, index) => {
    const offered = offer(kind);
    return offered === '' ? [] : [`complete -c tailrace${where(index)}${offered}`];
  });
}

function flags({ names }: OptionSpec): string {
  return names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
}

function completedValue({ value }: OptionSpec): string {
  if (value === null) return '';
  return value === 'file' ? ' -r -F' : ` -x${offer(value)}`;
}

function offer(value: ValueKind): string {
  switch (value) {
    case 'table':
      return ` -a ${quoted('(__tailrace_tables)')}`;
    case 'destination':
      return ` -a ${quoted('(__tailrace_destinations)')}`;
    case 'directory':
      return ` -a ${quoted('(__fish_complete_directories)')}`;
    case 'file':
      return ' -F';
    default:
      return typeof value === 'string' ? '' : ` -a ${quoted(value.join(' '))}`;
  }
}

/** The options of `tailrace` itself may stand anywhere. */
function patternsOfValued(specs: readonly CommandSpec[]): string {
  return valuedOptions(specs)
    .map(({ path, name }) => quoted(`${path === '' ? '*' : path}:${name}`))
    .join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

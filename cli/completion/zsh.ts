import {
  type CommandSpec,
  type OptionSpec,
  ownName,
  parentOf,
  type ValuedOption,
  type ValueKind,
  valuedOptions,
} from './command-spec.ts';

/** The completion script for zsh: to be sourced, or stored as `_tailrace` in a directory of `fpath`. */
export function zshScript(specs: readonly CommandSpec[]): string {
  return `\
#compdef tailrace
# Completion of tailrace for zsh. In ~/.zshrc: source <(tailrace completion zsh)
_tailrace() {
  local word at='' option='' operands=0 index
  local -a candidates
  for ((index = 2; index < CURRENT; index++)); do
    word="\${(Q)words[index]}"
    if [[ -n $option ]]; then
      option=''
      continue
    fi
    case "$at:$word" in
${valuedOptions(specs)
  .map((option) => `      ${pattern(option)}) option="$word" ;;`)
  .join('\n')}
      *:-*) ;;
${specs
  .filter(({ path }) => path !== '')
  .map((spec) => `      ${quoted(`${parentOf(spec)}:${ownName(spec)}`)}) at=${quoted(spec.path)} ;;`)
  .join('\n')}
      *) ((operands++)) ;;
    esac
  done
  if [[ -z $option && $words[CURRENT] == --*=* ]]; then
    option="\${words[CURRENT]%%=*}"
    compset -P '*='
  fi
  if [[ -n $option ]]; then
    case "$at:$option" in
${valuedOptions(specs)
  .flatMap((option) => (option.value === 'other' ? [] : `      ${pattern(option)}) ${offer(option.value)} ;;`))
  .join('\n')}
    esac
  elif [[ $words[CURRENT] == -* ]]; then
    case "$at" in
${specs.map(({ path, options }) => `      ${quoted(path)}) candidates=(${options.flatMap(described).join(' ')}) ;;`).join('\n')}
    esac
    [[ -n $at ]] && candidates+=(${(specs[0]?.options ?? [])
      .filter(({ names }) => !names.includes('--help'))
      .flatMap(described)
      .join(' ')})
    _describe -o option candidates
  else
    case "$at:$operands" in
${operandCases(specs)}
    esac
  fi
}
_tailrace_tables() {
  compadd -- .tailrace/*(N/:t)
}
_tailrace_destinations() {
  if compset -P 'duckdb:'; then _files; else compadd -S '' -- duckdb: bigquery:; fi
}
if [[ $funcstack[1] == _tailrace ]]; then
  _tailrace "$@"
else
  (($+functions[compdef])) || { autoload -Uz compinit && compinit; }
  compdef _tailrace tailrace
fi
`;
}

/** The options of `tailrace` itself may stand anywhere. */
function pattern({ path, name }: ValuedOption): string {
  return path === '' ? `*:${name}` : quoted(`${path}:${name}`);
}

function operandCases(specs: readonly CommandSpec[]): string {
  return specs
    .flatMap(({ path, commands, operands }) => {
      if (commands.length > 0) {
        const entries = commands.map((command) => quoted(`${ownName(command)}:${command.summary}`));
        return `      ${quoted(`${path}:0`)}) candidates=(${entries.join(' ')}); _describe command candidates ;;`;
      }
      return operands.flatMap((kind, index) =>
        kind === 'other' ? [] : `      ${quoted(`${path}:${index}`)}) ${offer(kind)} ;;`,
      );
    })
    .join('\n');
}

function offer(value: ValueKind): string {
  switch (value) {
    case 'table':
      return '_tailrace_tables';
    case 'destination':
      return '_tailrace_destinations';
    case 'file':
      return '_files';
    case 'directory':
      return '_files -/';
    default:
      return typeof value === 'string' ? ':' : `compadd -- ${value.join(' ')}`;
  }
}

function described({ names, description }: OptionSpec): readonly string[] {
  return names.map((name) => quoted(`${name}:${description}`));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

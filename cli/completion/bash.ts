import {
  type CommandSpec,
  ownName,
  parentOf,
  type ValuedOption,
  type ValueKind,
  valuedOptions,
} from './command-spec.ts';

/**
 * The completion script for bash, 3.2 and newer.
 *
 * Bash splits words at `:` and `=`, so the script splits the line itself, and completes only what follows the last of them.
 */
export function bashScript(specs: readonly CommandSpec[]): string {
  return `\
# Completion of tailrace for bash. In ~/.bashrc: source <(tailrace completion bash)
_tailrace() {
  local line="\${COMP_LINE:0:COMP_POINT}" word at='' option='' operands=0 kind='' item shown
  local -a words candidates
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  local last=$((\${#words[@]} - 1))
  for word in "\${words[@]:1:last-1}"; do
    if [[ -n $option ]]; then
      option=''
      continue
    fi
    case "$at:$word" in
${patternsOfValued(specs)}) option="$word" ;;
      *:-*) ;;
${specs
  .filter(({ path }) => path !== '')
  .map((spec) => `      ${quoted(`${parentOf(spec)}:${ownName(spec)}`)}) at=${quoted(spec.path)} ;;`)
  .join('\n')}
      *) operands=$((operands + 1)) ;;
    esac
  done
  word="\${words[last]}"
  if [[ -z $option && $word == --*=* ]]; then
    option="\${word%%=*}"
    word="\${word#*=}"
  fi
  if [[ -n $option ]]; then
    case "$at:$option" in
${valueCases(specs)}
    esac
  elif [[ $word == -* ]]; then
    case "$at" in
${specs.map((spec) => `      ${quoted(spec.path)}) candidates=(${namesOf(spec).join(' ')}) ;;`).join('\n')}
    esac
    [[ -n $at ]] && candidates+=(${namesOf(specs[0])
      .filter((name) => !HELP.includes(name))
      .join(' ')})
  else
    case "$at:$operands" in
${operandCases(specs)}
    esac
  fi
  case "$kind" in
    table) for item in .tailrace/*/; do item="\${item%/}"; candidates+=("\${item#.tailrace/}"); done ;;
    destination)
      candidates=(duckdb: bigquery:)
      if [[ $word == duckdb:* ]]; then
        candidates=()
        while IFS= read -r item; do candidates+=("duckdb:$item"); done < <(compgen -f -- "\${word#duckdb:}")
      fi
      compopt -o nospace 2>/dev/null
      ;;
    file | directory)
      while IFS= read -r item; do candidates+=("$item"); done < <(compgen -\${kind:0:1} -- "$word")
      compopt -o filenames 2>/dev/null
      ;;
  esac
  shown=''
  [[ $word == *:* && $COMP_WORDBREAKS == *:* ]] && shown="\${word%"\${word##*:}"}"
  COMPREPLY=()
  for item in "\${candidates[@]}"; do
    [[ $item == "$word"* && $item != '*' ]] && COMPREPLY+=("\${item#"$shown"}")
  done
}
complete -F _tailrace tailrace
`;
}

const HELP: readonly string[] = ['-h', '--help'];

function namesOf(spec: CommandSpec | undefined): readonly string[] {
  return (spec?.options ?? []).flatMap(({ names }) => names);
}

function patternsOfValued(specs: readonly CommandSpec[]): string {
  return valuedOptions(specs)
    .map((option) => `      ${pattern(option)}`)
    .join(' | \\\n');
}

function valueCases(specs: readonly CommandSpec[]): string {
  return valuedOptions(specs)
    .flatMap((option) => (option.value === 'other' ? [] : `      ${pattern(option)}) ${offer(option.value)} ;;`))
    .join('\n');
}

/** The options of `tailrace` itself may stand anywhere. */
function pattern({ path, name }: ValuedOption): string {
  return path === '' ? `*:${name}` : quoted(`${path}:${name}`);
}

function operandCases(specs: readonly CommandSpec[]): string {
  return specs
    .flatMap(({ path, commands, operands }) => {
      if (commands.length > 0) return `      ${quoted(`${path}:0`)}) ${offer(commands.map(ownName))} ;;`;
      return operands.flatMap((kind, index) =>
        kind === 'other' ? [] : `      ${quoted(`${path}:${index}`)}) ${offer(kind)} ;;`,
      );
    })
    .join('\n');
}

function offer(value: ValueKind): string {
  return typeof value === 'string' ? `kind=${value}` : `candidates=(${value.join(' ')})`;
}

function quoted(text: string): string {
  return `'${text}'`;
}

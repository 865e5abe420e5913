import { fstatSync, readFileSync, statSync } from 'node:fs';
import { devNull } from 'node:os';

/** How long the answer of `ps` holds: to ask it takes several milliseconds. */
const PS_HOLDS_MS = 1_000;

let answered = { at: Number.NEGATIVE_INFINITY, isForeground: true };

/**
 * Whether this process is in the foreground of its terminal now, so that it may redraw the line that the cursor is in. The
 * shell's `fg` and `bg` change it. Windows has no such thing: true there.
 *
 * A shell without job control, as in a script, leaves a command that ends in `&` in the foreground, and gives it the null
 * device for its input.
 */
export function isForeground(): boolean {
  if (process.platform === 'win32') return true;
  if (readsNullDevice()) return false;
  return process.platform === 'linux' ? hasTerminal(linuxGroups()) : hasTerminalByPs();
}

/** Process groups: this process's, and the one that the terminal is given to; -1 without a terminal of its own. */
type Groups = { readonly own: number; readonly terminal: number };

/** Where they can't be found out, the terminal is taken for this process's. */
function hasTerminal({ own, terminal }: Groups): boolean {
  return !Number.isInteger(own) || !Number.isInteger(terminal) || own === terminal;
}

/** Source: <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html> */
function linuxGroups(): Groups {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    // The program's name stands before, in brackets, and may contain anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { own: Number(fields[2]), terminal: Number(fields[5]) };
  } catch {
    return { own: Number.NaN, terminal: Number.NaN };
  }
}

function hasTerminalByPs(): boolean {
  const at = performance.now();
  if (at - answered.at < PS_HOLDS_MS) return answered.isForeground;
  // Loaded where it is needed: most systems have /proc.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { stdout } = spawnSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], { encoding: 'utf8' });
  const [own, terminal] = (stdout ?? '').trim().split(/\s+/).map(Number);
  answered = { at, isForeground: hasTerminal({ own: own || Number.NaN, terminal: terminal ?? Number.NaN }) };
  return answered.isForeground;
}

function readsNullDevice(): boolean {
  try {
    const input = fstatSync(0);
    return input.isCharacterDevice() && input.rdev === statSync(devNull).rdev;
  } catch {
    return false;
  }
}

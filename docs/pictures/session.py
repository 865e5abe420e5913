"""Types the README's commands into a shell, and draws what its terminal shows.

Each line of the picture appears when it was last written, with pauses shortened. A viewer that plays no animations shows all
lines at once.
"""

import fcntl
import io
import itertools
import os
import pty
import re
import select
import struct
import sys
import termios
import time

import pyte
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

COLUMNS, ROWS = 100, 200
SECTION = "## Use it on your table"
TITLE = "npm start runs in another terminal"

# The shell reports that it waits for a command, by a title that no screen shows.
READY = b"\x1b]2;ready\x07"
PROMPT = r"\[\e]2;ready\a\]$ "

# Nothing takes that long, but where something is broken.
PATIENCE_S = 60
# Of the picture.
MAX_PAUSE_S = 1.2
BEFORE_COMMAND_S = 0.8

FORMAT = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>A terminal in which Tailrace's commands run, one after the other</title>
<!-- Drawn by draw.sh with Rich, https://github.com/Textualize/rich -->
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px; }}
.{unique_id}-title {{ font-family: system-ui, sans-serif; font-size: 15px; }}
{styles}
{times}
@keyframes appear {{ from {{ opacity: 0 }} }}
@media (prefers-reduced-motion: reduce) {{ text {{ animation: none !important }} }}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def commands_of(readme):
    """The commands of the section's first block, without comments; then what ends a background job."""
    block = re.search(r"```sh\n(.*?)```", readme.split(SECTION)[1], re.DOTALL)[1]
    commands = [re.sub(r"\s+#.*", "", line) for line in block.splitlines() if line.strip()]
    if any(line.endswith("&") for line in commands) and not any("kill" in line for line in commands):
        commands.append("kill %1")
    return [line for line in commands if line and not line.startswith("#")]


class Terminal:
    """A shell in a pseudo-terminal, and when each row of its screen was last written."""

    def __init__(self):
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.written = {}
        self._stream = pyte.ByteStream(self.screen)
        self._raw = b""
        self._shown = list(self.screen.display)
        pid, self._file = pty.fork()
        if pid == 0:
            env = {**os.environ, "PS1": PROMPT, "TERM": "xterm-256color", "BASH_SILENCE_DEPRECATION_WARNING": "1"}
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], env)
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def run(self, command):
        """Types a command at a prompt of its own: behind the last one a background job may have written."""
        while self.screen.display[self.screen.cursor.y].rstrip() != "$":
            self._enter("")
        self._enter(command)

    def _enter(self, line):
        prompts = self._raw.count(READY)
        os.write(self._file, f"{line}\r".encode())
        end = time.monotonic() + PATIENCE_S
        while self._raw.count(READY) == prompts:
            if time.monotonic() > end:
                raise SystemExit("No prompt after:\n" + "\n".join(line.rstrip() for line in self._shown if line.strip()))
            self.watch(0.1)

    def watch(self, seconds):
        """Takes in what is written for so many seconds, and notes when."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self._file], [], [], left)[0]:
                return
            written = os.read(self._file, 65536)
            self._raw += written
            self._stream.feed(written)
            for row in self.screen.dirty:
                if self.screen.display[row] != self._shown[row]:
                    self._shown[row] = self.screen.display[row]
                    self.written[row] = time.monotonic()
            self.screen.dirty.clear()


def shortened(terminal):
    """The time at which each row appears, in seconds: long pauses shortened, and one before each command."""
    times, clock, before = {}, 0.0, None
    for row, at in sorted(terminal.written.items(), key=lambda entry: entry[1]):
        clock += 0 if before is None else min(at - before, MAX_PAUSE_S)
        clock += BEFORE_COMMAND_S if terminal.screen.display[row].startswith("$ ") else 0
        before, times[row] = at, clock
    return times


def text_of(screen, row):
    line = Text()
    chars = [screen.buffer[row][column] for column in range(COLUMNS)]
    for style, run in itertools.groupby(chars, style_of):
        line.append("".join(char.data for char in run), style)
    line.rstrip()
    return line


def style_of(char):
    def color(name):
        if name == "default":
            return None
        return f"#{name}" if re.fullmatch("[0-9a-f]{6}", name) else name.replace("brown", "yellow").replace("bright", "bright_")

    return Style(
        color=color(char.fg), bgcolor=color(char.bg), bold=char.bold, italic=char.italics, underline=char.underscore,
        reverse=char.reverse,
    )


def picture_of(terminal):
    rows = [row for row in range(ROWS) if terminal.screen.display[row].strip()]
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for row in range(max(rows) + 1):
        console.print(text_of(terminal.screen, row), no_wrap=True, crop=True)
    times = shortened(terminal)
    styles = "\n".join(f".t{row} {{ animation: appear 1ms {at:.2f}s backwards }}" for row, at in times.items())
    svg = console.export_svg(
        title=TITLE, theme=SVG_EXPORT_THEME, unique_id="s", code_format=FORMAT.replace("{times}", styles.replace("{", "{{").replace("}", "}}"))
    )
    # A row is named by its clip path.
    return re.sub(r'<text class="(s-r\d+)"([^>]*?) clip-path="url\(#s-line-(\d+)\)"', r'<text class="\1 t\3"\2', svg)


def main():
    readme, target = sys.argv[1:]
    with open(readme, encoding="utf-8") as file:
        commands = commands_of(file.read())
    terminal = Terminal()
    # The shell's first prompt.
    terminal.watch(1)
    for command in commands:
        terminal.run(command)
    # What the last one stopped still says so.
    for _ in range(20):
        terminal.watch(0.2)
    with open(target, "w", encoding="utf-8") as file:
        file.write(picture_of(terminal))


main()

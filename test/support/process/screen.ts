import xterm from '@xterm/headless';

/** What a terminal shows. */
export interface Screen extends AsyncDisposable {
  write(text: string): void;
  /** The lines that were shown and are shown, without white space at their ends and without empty lines at the end. */
  text(): Promise<string>;
}

/** Draws what is written as a terminal does. */
export function createScreen({ columns, rows }: { readonly columns: number; readonly rows: number }): Screen {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
  return {
    write: (text) => terminal.write(text),
    async text() {
      // What was written before is drawn by the time this is.
      await new Promise<void>((resolve) => terminal.write('', resolve));
      const { active } = terminal.buffer;
      const lines: string[] = [];
      for (let index = 0; index < active.length; index++) {
        const line = active.getLine(index);
        const text = line?.translateToString(true) ?? '';
        // A line that the terminal wrapped is one line.
        if (line?.isWrapped) lines.push((lines.pop() ?? '') + text);
        else lines.push(text);
      }
      return lines
        .map((line) => line.trimEnd())
        .join('\n')
        .trimEnd();
    },
    async [Symbol.asyncDispose]() {
      terminal.dispose();
    },
  };
}

/** What was said to people and logs since the last test ended, and who collects it. */
const said: string[] = [];

/** Remembers a line or message of Tailrace's, for the search that follows each test. */
export function diagnostic(text: string): void {
  said.push(text);
}

/** Gives what was said, and forgets it. */
export function takeDiagnostics(): readonly string[] {
  return said.splice(0);
}

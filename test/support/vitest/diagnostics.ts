/** Messages and log lines since the last test ended. */
const written: string[] = [];

/** Collects a line or message of Tailrace's for the search after each test. */
export function diagnostic(text: string): void {
  written.push(text);
}

/** Gives the collected texts, and drops them. */
export function takeDiagnostics(): readonly string[] {
  return written.splice(0);
}

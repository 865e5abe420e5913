/** The next step where a command set records of a table aside, in its state directory. */
export function afterSettingAside(table: string): string {
  return `Next: \`tailrace dead-letters list ${table}\` gives the reasons; once they are mended, \`tailrace dead-letters replay ${table} --all\` delivers the records.`;
}

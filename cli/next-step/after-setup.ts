/** How far a table is that was just set up. */
export type SetUpTable = {
  readonly table: string;
  /** Whether a snapshot is published. */
  readonly isPublished: boolean;
  /** Whether a reader has begun: a tail with this state directory, or another that has delivered changes. */
  readonly isRead: boolean;
};

/** What is left to do after a setup, as a sentence; `null` if nothing is. */
export function afterSetup({ table, isPublished, isRead }: SetUpTable): string | null {
  const steps = [
    ...(isRead ? [] : [`\`tailrace tail ${table}\` follows the stream, until you stop it`]),
    ...(isPublished ? [] : [`\`tailrace backfill ${table}\` reads the table once`]),
  ];
  return steps.length === 0 ? null : `Next: ${steps.join('; ')}.`;
}

/** How far a table is that was just set up. */
export type SetUpTable = {
  readonly table: string;
  /** Whether a snapshot is published, and all changes are there that it needs. */
  readonly isPublished: boolean;
  /** Whether a reader has begun: a tail with this state directory, or another that has delivered changes. */
  readonly isRead: boolean;
  /** Whether there is a typed view whose columns the state no longer has. */
  readonly isViewBroken: boolean;
};

/** What is left to do after a setup, as a sentence; `null` if nothing is. */
export function afterSetup({ table, isPublished, isRead, isViewBroken }: SetUpTable): string | null {
  const steps = [
    ...(isViewBroken ? [`\`tailrace views apply ${table}\` gives its typed view the columns that it reads`] : []),
    ...(isRead ? [] : [`\`tailrace tail ${table}\` follows the stream, until you stop it`]),
    ...(isPublished ? [] : [`\`tailrace backfill ${table}\` reads the table once`]),
  ];
  return steps.length === 0 ? null : `Next: ${steps.join('; ')}.`;
}

/** The part of `process.stdout` and `process.stderr` that is used here. */
export type OutputStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  /** How wide a terminal is now. */
  readonly columns?: number;
};

/**
 * A row is stamped before it is visible: by how much is bounded by the time that an attempt or a load job may take, an hour,
 * and by how far clocks may differ, half an hour. In milliseconds.
 */
export const STAMP_MARGIN_MS = 2 * 60 * 60_000;

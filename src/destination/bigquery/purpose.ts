/** What a request was for, so that its failure can be named. */
export type Purpose = {
  /** A verb phrase with the place, such as `insert into shop.tailrace.orders_changelog`. */
  readonly doing: string;
  /** What whoever may not do it lacks. */
  readonly permission: string;
};

/** A step of the SDK's middleware stack, as far as it is looked into here: what at least goes in, and comes back. */
export type Middleware<LeastArgs, LeastResult> = <Args extends LeastArgs, Result extends LeastResult>(
  next: (args: Args) => Promise<Result>,
) => (args: Args) => Promise<Result>;

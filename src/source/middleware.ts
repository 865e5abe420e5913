/** A step of the SDK's middleware stack: the least that goes in, and the least that comes back. */
export type Middleware<LeastArgs, LeastResult> = <Args extends LeastArgs, Result extends LeastResult>(
  next: (args: Args) => Promise<Result>,
) => (args: Args) => Promise<Result>;

// Where Tailrace's steps stand in the SDK's stack, from the caller to the wire.

/** Before anything is looked up for a request. */
export const REFUSING = { step: 'initialize', name: 'tailraceRefuse' } as const;

/** After the SDK has serialized, before it counts and signs. */
export const SENDING = { step: 'serialize', priority: 'low', name: 'tailraceSend' } as const;

/** Within the SDK's retries, around everything that reads the answer. */
export const REPORTING = { step: 'deserialize', priority: 'high', name: 'tailraceRetries' } as const;
export const WARNING = { step: 'deserialize', priority: 'high', name: 'tailraceSilence' } as const;

/** Next to the wire, before the SDK reads the body. */
export const RECEIVING = { step: 'deserialize', priority: 'low', name: 'tailraceReceive' } as const;
export const NOTING = { step: 'deserialize', priority: 'low', name: 'tailraceNoteBody' } as const;

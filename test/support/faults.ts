/**
 * How a call goes wrong: the words by which all fakes and the simulation script faults. Each takes those that its calls
 * can meet.
 */
export type Fault =
  /** The call goes well: for scripts in which only some calls go wrong. */
  | 'none'

  // Nothing is done.
  /** The server is unavailable. The caller gets an error that may pass. */
  | 'refuse'
  /** The server fails. The caller gets an error that may pass. */
  | 'fail'
  /** The server takes fewer requests than come. The caller is asked to slow down. */
  | 'throttle'
  /** The caller's quota is used up. It gets an error that passes only with time. */
  | 'exceed-quota'
  /** A job is refused. The caller gets an error that doesn't pass by itself. */
  | 'refuse-job'
  /** The server doesn't know yet of what was created. The caller gets "not found". */
  | 'not-found'
  /** What the caller holds has expired: an iterator, an upload session. It gets an error, and must ask for another. */
  | 'expire'
  /** The request is lost on its way. The caller gets no answer. */
  | 'lose-request'
  /** A page comes empty, and says that more follow. */
  | 'empty-page'
  /** The caller's machine sleeps with a request that it has made: it arrives hours late. */
  | 'arrive-late'
  /** A service that calls on its own stops calling for a while. */
  | 'pause'

  // Something is done, or all.
  /** Part of the request is stored. The caller gets an error or no answer. */
  | 'store-part'
  /** All is done, and the answer is lost. The caller gets no answer. */
  | 'lose-response'
  /** All is done, and the answer breaks off in its middle. */
  | 'cut-response'
  /** All is done or nothing, and there is never an answer. The caller reaches its own time limit. */
  | 'hang'
  /** A job is accepted, and runs hours late. */
  | 'run-late'
  /** All is done, and the answer comes late. */
  | 'delay'
  /** All is done and answered, and readers see it late. */
  | 'show-late'
  /** A batch is delivered again though it was acknowledged. */
  | 'deliver-twice'
  /** What is stored of a failed batch lacks its payload: only its stream offsets are there. */
  | 'drop-payload'

  // The caller itself.
  /** The process dies at one of its waits: it does nothing further, and learns nothing of what it had asked for. */
  | 'crash';

/** Some of the faults: a compile error if a word is none of them. */
export type OneOf<Names extends Fault> = Names;

/** Faults by script: each call takes the next one that is planned for its sort. */
export class FaultScript<Call extends string, Own extends string> {
  readonly #planned: { readonly call: Call; readonly fault: Own }[] = [];

  /** Plans what the next calls of a sort meet, in this order. */
  failNext(call: Call, ...faults: readonly Own[]): void {
    this.#planned.push(...faults.map((fault) => ({ call, fault })));
  }

  /** Takes the fault of a call that begins; `undefined` if none is planned. */
  take(call: Call): Own | undefined {
    const index = this.#planned.findIndex((planned) => planned.call === call);
    return index === -1 ? undefined : this.#planned.splice(index, 1)[0]?.fault;
  }

  /** Drops what is still planned. */
  heal(): void {
    this.#planned.length = 0;
  }
}

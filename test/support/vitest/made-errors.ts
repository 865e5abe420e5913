/** Every TailraceError of the process since the last test ended, even a caught one. */
const made: Error[] = [];

// Once in a process: an error class extends the `Error` that it finds when it is loaded, and test files share processes.
globalThis.Error = new Proxy(Error, {
  construct: function construct(target, args, newTarget) {
    const error: Error = Reflect.construct(target, args, newTarget);
    // This function isn't among the frames that a failing test shows.
    target.captureStackTrace(error, construct);
    if (newTarget.name === 'TailraceError') made.push(error);
    return error;
  },
});

/** Gives the collected errors, and drops them. */
export function takeMadeErrors(): readonly Error[] {
  return made.splice(0);
}

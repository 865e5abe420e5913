import { Writable } from 'node:stream';

/** A stdout or stderr that records what is written. */
export class RecordingStream extends Writable {
  readonly isTTY: boolean;
  readonly columns?: number;
  text = '';
  readonly #onWrite: (text: string) => void;

  /** @param onWrite Called with each text that is written. */
  constructor({
    isTTY = false,
    columns,
    onWrite = () => {},
  }: {
    readonly isTTY?: boolean;
    readonly columns?: number | undefined;
    readonly onWrite?: (text: string) => void;
  } = {}) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
    if (columns !== undefined) this.columns = columns;
    this.#onWrite = onWrite;
  }

  /** The lines that were written. */
  get lines(): readonly string[] {
    return this.text === '' ? [] : this.text.replace(/\n$/, '').split('\n');
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.text += String(chunk);
    this.#onWrite(String(chunk));
    done();
  }
}

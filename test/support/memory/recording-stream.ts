import { Writable } from 'node:stream';

/** A stdout or stderr that keeps what is written. */
export class RecordingStream extends Writable {
  readonly isTTY: boolean;
  text = '';
  readonly #heard: (text: string) => void;

  /** @param heard Is told what is written. */
  constructor({ isTTY = false, heard = () => {} }: { readonly isTTY?: boolean; heard?: (text: string) => void } = {}) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
    this.#heard = heard;
  }

  /** What was written, line by line. */
  get lines(): readonly string[] {
    return this.text === '' ? [] : this.text.replace(/\n$/, '').split('\n');
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.text += String(chunk);
    this.#heard(String(chunk));
    done();
  }
}

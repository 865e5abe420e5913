import { Writable } from 'node:stream';

/** A stdout or stderr that keeps what is written. */
export class RecordingStream extends Writable {
  readonly isTTY: boolean;
  text = '';

  constructor({ isTTY = false }: { readonly isTTY?: boolean } = {}) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  /** What was written, line by line. */
  get lines(): readonly string[] {
    return this.text === '' ? [] : this.text.replace(/\n$/, '').split('\n');
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

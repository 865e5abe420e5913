import type { Clock } from '../../../src/clock.ts';
import type { SourceTable } from '../../../src/source/source-table.ts';
import { ModelTable, type ModelTableOptions } from '../../model/table.ts';
import type { Story } from '../history/story.ts';
import type { ModelStream } from './change.ts';
import { type Change, isReadable } from './change.ts';

export const TABLE: SourceTable = {
  name: 'Orders',
  arn: 'arn:aws:dynamodb:eu-central-1:123456789012:table/Orders',
  tableId: '11111111-2222-3333-4444-555555555555',
};

export type TableOptions = Pick<ModelTableOptions<Change>, 'random' | 'shardCount' | 'firstNumber'> & {
  readonly scheduler: Clock;
  readonly story: Story;
};

/** A history's table. Its items differ in a counter, and its writes become lines of the story. */
export class SimulatedTable extends ModelTable<Change> {
  readonly #story: Story;
  #values = 0;

  constructor({ scheduler, story, random, shardCount, firstNumber }: TableOptions) {
    super({
      arn: TABLE.arn,
      clock: scheduler,
      random,
      shardCount,
      firstNumber,
      changeOf: (change) => ({
        ...change,
        visibleAt: null,
        isStoredLate: false,
        isDeadLettered: false,
        isGivenUp: false,
      }),
    });
    this.#story = story;
  }

  /** Writes an item that differs from all before; an unreadable one holds half a surrogate pair. */
  put(name: string, { unreadable = false } = {}): void {
    const value = ++this.#values;
    this.#story.tell('writer', `puts ${name} = ${value}${unreadable ? ", which JSON can't carry" : ''}`);
    const note = unreadable && { note: { S: '\ud800' } };
    this.write(name, { id: { S: name }, value: { N: String(value) }, ...note });
  }

  /** Writes an item unchanged, which makes no record. */
  putSame(name: string): void {
    const item = this.items.get(name);
    if (!item) return;
    this.#story.trouble('no-op write', 'writer', `puts ${name} as it is`);
    this.write(name, structuredClone(item));
  }

  remove(name: string, { expired = false } = {}): void {
    if (!this.items.has(name)) return;
    if (expired) this.#story.trouble('ttl removal', 'time to live', `removes ${name}`);
    else this.#story.tell('writer', `removes ${name}`);
    this.write(name, null, { expired });
  }

  override write(...args: Parameters<ModelTable<Change>['write']>): Change | undefined {
    const change = super.write(...args);
    if (change) this.#tellTrouble(change);
    return change;
  }

  override enableStream(enablingMs: number, lateMs: number): ModelStream {
    const stream = super.enableStream(enablingMs, lateMs);
    this.#story.tell('table', `has a new stream ${stream.label}`);
    return stream;
  }

  override disableStream(): void {
    super.disableStream();
    this.#story.tell('table', 'has its stream switched off');
  }

  #tellTrouble({ id, name, after, number }: Change): void {
    const story = this.#story;
    if (!isReadable(after)) story.trouble('unreadable item', 'writer', `of ${name}, change ${id}`);
    if (number === null && this.streams.length > 0)
      story.trouble('change between streams', 'stream', `records nothing of ${name}`);
    const earlier = this.changes.findLast((change) => change.name === name && change.id < id)?.number;
    if (number && earlier && earlier.length !== number.length)
      story.trouble('digits grew', 'stream', 'gives numbers of one digit more');
  }
}

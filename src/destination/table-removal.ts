import { objectNames } from '../names/object-names.ts';
import type { Annotation } from './annotation.ts';

/** One object of a destination that Tailrace made for a table. */
export type OwnedObject = {
  readonly name: string;
  readonly kind: 'table' | 'view';
  /** Number of rows; about, where rows are being streamed in. `null` of a view. */
  readonly rows: number | null;
};

/** What a destination has under a table's name. */
export type OwnedObjects = {
  /** In the order in which they can be dropped at any pace: see {@link TableRemoval}. */
  readonly objects: readonly OwnedObject[];
  /** Objects with the table's names that aren't Tailrace's, or were edited since: never dropped. */
  readonly left: readonly string[];
  /** Whether the ledger is there, in the form of this version of Tailrace. */
  readonly hasLedger: boolean;
};

/** Removes a table's objects from a destination. */
export interface TableRemoval {
  /**
   * Finds what Tailrace made for the tables of a name: typed views, latest view, state, snapshots and loads, orphans of
   * comparisons, and the changelog; with the last table in the form of another version of Tailrace the ledger of that form,
   * too. Objects come after those that read them. The changelog is the last: it remembers whose they
   * are, so that a removal that was stopped anywhere can be run again.
   *
   * @throws {TailraceError} `destination-missing` if the destination itself isn't there.
   */
  ownedObjects(tableName: string): Promise<OwnedObjects>;

  /**
   * Drops one of them. It is no error if it doesn't exist.
   *
   * @throws {TailraceError} `destination-conflict` if it isn't any more what it was found to be; nothing is dropped then.
   */
  dropObject(tableName: string, object: OwnedObject): Promise<void>;
}

/** An object as it is found in a destination. */
export type FoundObject = {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly annotation: Annotation | undefined;
  /** Whether it is known to have been edited since Tailrace made it. */
  readonly isEdited: boolean;
};

const VIEWS: ReadonlySet<Annotation['of'] | undefined> = new Set(['state', 'latest', 'typed']);

const ORDER = ['typed', 'latest', 'state', 'snapshot', 'load', 'comparison', 'ledger', 'changelog'] as const;

/** Whether the ledger, by its annotation, has the form of this version of Tailrace. */
export function hasThisLedger(ledger: Annotation | undefined): boolean {
  return ledger?.of === 'ledger' && ledger.isOther !== true;
}

/** Whether it is the changelog of a table in the form of another version of Tailrace. */
function isOtherForm({ annotation }: Pick<FoundObject, 'annotation'>): boolean {
  return annotation?.of === 'changelog' && annotation.changelog === null;
}

/**
 * Picks a table's own among the objects of a destination, in the order of {@link OwnedObjects}.
 *
 * By their annotations: a name alone makes nothing Tailrace's.
 */
export function ownedBy<Found extends FoundObject>(
  tableName: string,
  found: readonly Found[],
): { readonly owned: readonly Found[]; readonly left: readonly string[] } {
  const { changelog, state, latest, typed } = objectNames(tableName);
  const isNamed = ({ name }: FoundObject, expected: string) => name.toLowerCase() === expected.toLowerCase();
  const remembered = found.find((object) => isNamed(object, changelog))?.annotation;
  // Another table's objects may have these names: its own name differs in case or in what becomes "_".
  const isOthers = remembered?.of === 'changelog' && remembered.source.name !== tableName;

  const isNamedAfter = (object: Found) =>
    !isOthers &&
    (isNamed(object, changelog) ||
      isNamed(object, state) ||
      isNamed(object, latest) ||
      // A typed view that an import left without its comment. A table of that name is someone's own.
      (isNamed(object, typed) && object.kind === 'view' && object.annotation === undefined));
  const isClaimed = (object: Found) => {
    const { annotation } = object;
    switch (annotation?.of) {
      case 'changelog':
        return annotation.source.name === tableName;
      case 'state':
        return !isOthers && isNamed(object, state);
      case 'latest':
        return annotation.tableName === null
          ? !isOthers && isNamed(object, latest)
          : annotation.tableName === tableName;
      case 'ledger': {
        const others = found.filter(isOtherForm);
        return annotation.isOther === true && others.length === 1 && others[0]?.annotation === remembered;
      }
      case 'load':
      case 'typed':
      case 'snapshot':
      case 'comparison':
        return annotation.tableName === tableName;
      default:
        return false;
    }
  };
  const isAsMade = ({ kind, annotation, isEdited }: Found) =>
    !isEdited && kind === (VIEWS.has(annotation?.of) ? 'view' : 'table');

  const owned = ORDER.flatMap((of) =>
    found.filter((object) => object.annotation?.of === of && isClaimed(object) && isAsMade(object)),
  );
  const left = found.filter((object) => (isClaimed(object) || isNamedAfter(object)) && !owned.includes(object));
  return { owned, left: left.map(({ name }) => name) };
}

import { CHANGELOG_PARTITION } from '../../views/table-definition.ts';
import { type Annotation, readAnnotation } from '../annotation.ts';
import type { TableResource } from './resources.ts';

/**
 * The annotation of a table or view; `undefined` if it has none. A changelog that is partitioned by another column has the
 * form of another version, whatever it says.
 */
export function annotationOf(found: TableResource | undefined): Annotation | undefined {
  const annotation = readAnnotation(found?.description ?? null);
  const field = found?.timePartitioning?.field;
  if (annotation?.of !== 'changelog' || field === undefined || field === CHANGELOG_PARTITION) return annotation;
  return { ...annotation, changelog: null };
}

/** Which of a counter's flows counts as the present one. */
import type { Counter, Flow } from '../api/types';

/** The last quarter hour, or the last hour where there is no quarter. */
export function flowOf(counter: Counter | undefined): Flow | null {
  return counter?.state?.quarter ?? counter?.state?.hour ?? null;
}

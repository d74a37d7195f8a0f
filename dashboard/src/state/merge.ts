/** Puts the live stream's changes into what was fetched. */

interface Ids {
  thing_id: number;
  organisation_id: number;
}

/**
 * Things with their new states; the same array when nothing changed, so that nobody looks for a difference in vain.
 * Later updates win.
 */
export function merged<Thing extends { thing_id: number; state?: object | null }>(
  things: Thing[],
  updates: readonly (NonNullable<Thing['state']> & Ids)[],
): Thing[] {
  if (updates.length === 0) return things;
  const states = new Map(updates.map(({ thing_id, organisation_id: _, ...state }) => [thing_id, state]));
  return things.map((thing) => {
    const state = states.get(thing.thing_id);
    return state ? { ...thing, state } : thing;
  });
}

/** What a reason against a plan may tell of: written out, or null where it is not known. */
export interface Figures {
  fractions: string | null;
  needed: string | null;
  available: string | null;
}

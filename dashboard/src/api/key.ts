/** Where the API key lives: this tab's session storage, and nowhere else. */

const SLOT = 'landpuls.key';

/**
 * The key of this tab, if there is one. A key in the address (`#key=lp_…`, as `landpuls demo` prints it)
 * moves into the session and leaves the address bar and the history entry.
 */
export function readKey(): string | null {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get('key');
  if (given !== null) {
    fragment.delete('key');
    const rest = fragment.toString();
    history.replaceState(history.state, '', location.pathname + location.search + (rest ? `#${rest}` : ''));
    if (given.trim()) keepKey(given);
  }
  return sessionStorage.getItem(SLOT);
}

export function keepKey(key: string): void {
  sessionStorage.setItem(SLOT, key.trim());
}

export function forgetKey(): void {
  sessionStorage.removeItem(SLOT);
}

/** Arrow keys in a table of buttons: one tab stop for the whole table, as in a list. */
export function rowKeys(body: HTMLElement): () => void {
  const onKey = (event: KeyboardEvent): void => moveFocus(body, event);
  body.addEventListener('keydown', onKey);
  return () => body.removeEventListener('keydown', onKey);
}

/** True while the pointer or the focus is inside: the order then stays as it is. */
export function inUse(body: HTMLElement | null): boolean {
  return body !== null && (body.matches(':hover') || body.contains(document.activeElement));
}

function moveFocus(body: HTMLElement, event: KeyboardEvent): void {
  const buttons = [...body.querySelectorAll<HTMLButtonElement>('button[data-row]')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const to = target(event.key, at, buttons.length);
  if (to === null || at < 0) return;
  event.preventDefault();
  const next = buttons[Math.min(buttons.length - 1, Math.max(0, to))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function target(key: string, at: number, count: number): number | null {
  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + 12,
    PageUp: at - 12,
    Home: 0,
    End: count - 1,
  };
  return steps[key] ?? null;
}

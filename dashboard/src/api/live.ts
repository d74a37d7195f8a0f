/** The live stream: one WebSocket that comes back by itself. */
import { liveAddress } from './client';
import type { LiveChange, LiveMessage, LiveSubscription } from './types';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** A server that accepted the socket but says nothing within this time is treated as gone. */
const HELLO_TIMEOUT_MS = 10_000;
/** Close codes that follow HTTP's 401 and 403: trying again would not help. */
const REFUSED = new Set([4401, 4403]);
const KINDS: LiveSubscription['kinds'] = ['containers', 'counters', 'plans', 'ledger', 'collections'];

export type LiveState =
  | { phase: 'connecting' }
  | { phase: 'open' }
  | { phase: 'waiting'; until: number }
  | { phase: 'refused' };

interface Listener {
  /** From now on nothing is missed: what is fetched after this and then changed is complete. */
  opened(): void;
  changed(change: LiveChange): void;
  state(state: LiveState): void;
}

/** Milliseconds to wait before the given attempt (0 is the first retry), with full jitter above the half. */
export function backoff_ms(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return ceiling / 2 + (random() * ceiling) / 2;
}

export class LiveStream {
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #closed = false;

  constructor(
    private readonly key: string,
    private readonly listener: Listener,
    private readonly random: () => number = Math.random,
  ) {}

  /** Connect now, also in the middle of a wait. */
  connect(): void {
    clearTimeout(this.#timer);
    this.#drop();
    this.listener.state({ phase: 'connecting' });
    const socket = new WebSocket(liveAddress());
    this.#socket = socket;
    this.#timer = setTimeout(() => socket.close(), HELLO_TIMEOUT_MS);
    socket.onopen = () => socket.send(JSON.stringify({ api_key: this.key, kinds: KINDS } satisfies Partial<LiveSubscription>));
    socket.onmessage = (event: MessageEvent<string>) => this.#receive(JSON.parse(event.data) as LiveMessage);
    socket.onclose = (event) => this.#lost(event.code);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#drop();
  }

  #receive(message: LiveMessage): void {
    if (message.type === 'hello') {
      clearTimeout(this.#timer);
      this.#attempt = 0;
      this.listener.state({ phase: 'open' });
      this.listener.opened();
    } else if (message.type === 'change') {
      this.listener.changed(message);
    } else if ([401, 403].includes(message.problem.status)) {
      this.#refuse();
    }
  }

  #lost(code: number): void {
    if (this.#closed) return;
    if (REFUSED.has(code)) return this.#refuse();
    clearTimeout(this.#timer);
    const wait = backoff_ms(this.#attempt++, this.random);
    this.listener.state({ phase: 'waiting', until: Date.now() + wait });
    this.#timer = setTimeout(() => this.connect(), wait);
  }

  #refuse(): void {
    this.close();
    this.listener.state({ phase: 'refused' });
  }

  #drop(): void {
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }
}

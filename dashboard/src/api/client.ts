/** Requests to the Landpuls API; every refusal becomes one kind of error. */
import type { Page, Problem } from './types';

const ROOT = new URL('api/v1/', document.baseURI);

/** The API refused or could not be reached; `status` is 0 when there was no answer at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  get unauthorised(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

type Query = Record<string, string | number | undefined>;

/** Read-only access with one key. */
export class Client {
  constructor(readonly key: string) {}

  async get<Body>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Body> {
    const address = new URL(path, ROOT);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) address.searchParams.set(name, String(value));
    }
    const headers = { Authorization: `Bearer ${this.key}`, Accept: 'application/json' };
    const response = await fetch(address, signal ? { headers, signal } : { headers }).catch((cause: unknown) => {
      if (signal?.aborted) throw cause;
      throw new ApiError(0, String(cause));
    });
    if (!response.ok) throw new ApiError(response.status, await reason(response));
    return (await response.json()) as Body;
  }

  /** All items of a list, following its cursor. */
  async all<Item>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.get<Page<Item>>(path, { ...query, cursor }, signal);
      items.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return items;
  }
}

/** Where the live stream listens. */
export function liveAddress(): string {
  const address = new URL('live', ROOT);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}

async function reason(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  return problem?.detail ?? problem?.title ?? `HTTP ${response.status}`;
}

/**
 * Requests to the Landpuls API; every refusal becomes one kind of error. Paths, query names and answers are those
 * of the OpenAPI document: what the API does not offer does not compile here.
 */
import type { paths } from './schema';
import type { Problem } from './types';

type Answer<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: { content: infer Content } } } }
  ? Content[keyof Content]
  : never;
type QueryOf<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Query } } } ? Query : never;
type PlaceOf<Path extends keyof paths> = paths[Path] extends { get: { parameters: { path: infer Place } } } ? Place : undefined;
type ItemOf<Path extends keyof paths> = Answer<Path> extends { items: (infer Item)[] } ? Item : never;

export interface Question<Path extends keyof paths> {
  query?: Partial<NonNullable<QueryOf<Path>>>;
  path?: PlaceOf<Path>;
}

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

/** Read-only access with one key. */
export class Client {
  constructor(private readonly key: string) {}

  async get<Path extends keyof paths>(path: Path, question: Question<Path>, signal: AbortSignal): Promise<Answer<Path>> {
    const headers = { Authorization: `Bearer ${this.key}`, Accept: 'application/json' };
    const response = await fetch(addressOf(path, question), { headers, signal }).catch((cause: unknown) => {
      if (signal.aborted) throw cause;
      throw new ApiError(0, String(cause));
    });
    if (!response.ok) throw new ApiError(response.status, await reason(response));
    return (await response.json()) as Answer<Path>;
  }

  /** All items of a list, over as many pages as it has. */
  async all<Path extends keyof paths>(path: Path, question: Question<Path>, signal: AbortSignal): Promise<ItemOf<Path>[]> {
    const items: ItemOf<Path>[] = [];
    let query: Record<string, unknown> = { ...question.query };
    for (;;) {
      const page = await this.get(path, { ...question, query } as Question<Path>, signal);
      const { items: more, next_cursor } = page as { items: ItemOf<Path>[]; next_cursor?: string | null };
      items.push(...more);
      if (!next_cursor) return items;
      query = { ...query, cursor: next_cursor };
    }
  }
}

/** Where the live stream listens. */
export function liveAddress(): string {
  const address = new URL('api/v1/live', document.baseURI);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}

function addressOf(path: string, question: { query?: object | undefined; path?: unknown }): URL {
  const place = Object.entries(question.path ?? {});
  const filled = place.reduce((text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(String(value))), path);
  const address = new URL(filled.slice(1), document.baseURI);
  for (const [name, value] of Object.entries(question.query ?? {})) {
    if (value !== undefined && value !== null) address.searchParams.set(name, String(value));
  }
  return address;
}

async function reason(response: Response): Promise<string> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  return problem?.detail ?? problem?.title ?? `HTTP ${response.status}`;
}

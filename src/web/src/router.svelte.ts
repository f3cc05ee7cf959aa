/** Addresses of pages: `/w/{workspace}/{page}/{id}`, with what the page shows in the query. */

export type PageName =
  | 'board'
  | 'relationship'
  | 'incident'
  | 'log'
  | 'map'
  | 'network'
  | 'alerts'
  | 'alert'
  | 'rules'
  | 'rule'
  | 'subscriptions'
  | 'subscription'
  | 'imports'
  | 'import'
  | 'pin'
  | 'missing';

export interface Place {
  workspace: string;
  page: PageName;
  /** Dyad, incident, rule … of the page; empty where it has none. */
  id: string;
}

const PAGES: Record<string, { list: PageName; one?: PageName }> = {
  '': { list: 'board' },
  relationships: { list: 'board', one: 'relationship' },
  incidents: { list: 'missing', one: 'incident' },
  log: { list: 'log' },
  map: { list: 'map' },
  network: { list: 'network' },
  alerts: { list: 'alerts', one: 'alert' },
  rules: { list: 'rules', one: 'rule' },
  subscriptions: { list: 'subscriptions', one: 'subscription' },
  imports: { list: 'imports', one: 'import' },
  pins: { list: 'missing', one: 'pin' },
};

const SEGMENT: Record<Exclude<PageName, 'missing'>, string> = {
  board: '',
  relationship: 'relationships',
  incident: 'incidents',
  log: 'log',
  map: 'map',
  network: 'network',
  alerts: 'alerts',
  alert: 'alerts',
  rules: 'rules',
  rule: 'rules',
  subscriptions: 'subscriptions',
  subscription: 'subscriptions',
  imports: 'imports',
  import: 'imports',
  pin: 'pins',
};

export const DEFAULT_WORKSPACE = 'main';

/** Which page an address is of. */
export function placeOf(path: string): Place {
  const [root = '', workspace = '', segment = '', ...rest] = path.replace(/^\/|\/$/g, '').split('/');
  if (root === '') {
    return { workspace: DEFAULT_WORKSPACE, page: 'board', id: '' };
  }

  const page = root === 'w' && workspace !== '' ? PAGES[segment] : undefined;
  const id = rest.map(decodeURIComponent).join('/');
  return { workspace: workspace || DEFAULT_WORKSPACE, page: (id ? page?.one : page?.list) ?? 'missing', id };
}

/** The address of a page, with a query; parameters without a value are left out. */
export function href(
  page: Exclude<PageName, 'missing'>,
  id = '',
  query: Record<string, string | undefined> = {},
  workspace = router.place.workspace,
): string {
  const parts = ['', 'w', workspace, SEGMENT[page], encodeURIComponent(id)].filter((part, i) => i < 3 || part !== '');
  const search = new URLSearchParams(
    Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== ''),
  );
  return `${parts.join('/')}${search.size > 0 ? `?${search}` : ''}`;
}

/** Browsers refuse hundreds of changes of the address in a few seconds, as a slider makes them: it is written so often at most, in ms. */
const WRITE_MS = 250;

class Router {
  #url = $state.raw(new URL(globalThis.location?.href ?? 'http://localhost/'));
  readonly place = $derived(placeOf(this.#url.pathname));
  readonly query = $derived(this.#url.searchParams);

  /** Goes to an address of this origin. `replace` leaves no entry in the history, as for what follows a slider. */
  go(to: string, replace = false): void {
    const url = new URL(to, this.#url);
    if (url.href === this.#url.href) {
      return;
    }

    if (replace) {
      this.#write ??= setTimeout(() => this.#flush(), WRITE_MS);
    } else {
      this.#flush();
      history.pushState(null, '', url);
      if (url.pathname !== this.#url.pathname) {
        scrollTo(0, 0);
      }
    }

    this.#url = url;
  }

  #write: ReturnType<typeof setTimeout> | undefined;

  #flush(): void {
    clearTimeout(this.#write);
    if (this.#write !== undefined) {
      this.#write = undefined;
      history.replaceState(null, '', this.#url);
    }
  }

  /** Changes parameters of the query and leaves the rest; undefined takes one away. */
  set(changes: Record<string, string | undefined>, replace = true): void {
    const url = new URL(this.#url);
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined || value === '') {
        url.searchParams.delete(name);
      } else {
        url.searchParams.set(name, value);
      }
    }

    this.go(url.href, replace);
  }

  /** Follows the browser's history and plain clicks on links of this origin that are pages of the application. */
  listen(): () => void {
    const back = () => {
      clearTimeout(this.#write);
      this.#write = undefined;
      this.#url = new URL(location.href);
    };
    const click = (e: MouseEvent) => {
      const link = e.target instanceof Element ? e.target.closest('a') : null;
      if (!link || e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) {
        return;
      }

      const url = new URL(link.href, location.href);
      const own = url.origin === location.origin && (url.pathname === '/' || url.pathname.startsWith('/w/'));
      if (
        own &&
        !link.hasAttribute('download') &&
        (link.target === '' || link.target === '_self') &&
        !(url.hash && url.pathname === location.pathname)
      ) {
        e.preventDefault();
        this.go(url.href);
      }
    };
    addEventListener('popstate', back);
    document.addEventListener('click', click);
    return () => {
      removeEventListener('popstate', back);
      document.removeEventListener('click', click);
    };
  }
}

export const router = new Router();

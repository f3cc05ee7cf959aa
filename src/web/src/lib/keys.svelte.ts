import { href, type PageName, router } from '../router.svelte';
import { texts } from '../texts';

/** A key, or two one after the other (`g b`), and what it does. */
export interface KeyLine {
  keys: string;
  does: string;
}

const GO: Record<string, Exclude<PageName, 'missing'>> = {
  b: 'board',
  m: 'map',
  n: 'network',
  a: 'alerts',
  r: 'rules',
  s: 'subscriptions',
  i: 'imports',
};

class Keys {
  /** Whether the help is open. */
  shown = $state(false);
  /** Keys of the page that is shown, for the help. */
  ofPage = $state.raw<readonly KeyLine[]>([]);

  readonly everywhere: readonly KeyLine[] = [
    { keys: '?', does: texts.common.keys.help },
    { keys: '/', does: texts.common.keys.search },
    { keys: 'l', does: texts.common.keys.log },
    ...Object.entries(GO).map(([key, page]) => ({
      keys: `g ${key}`,
      does: texts.common.keys.go(texts.common.pages[page as keyof typeof texts.common.pages]),
    })),
  ];
}

export const keys = new Keys();

/** Whether what is typed goes into a field, so that letters are no commands. */
export function typing(e: KeyboardEvent): boolean {
  const at = e.target;
  return (
    e.ctrlKey ||
    e.metaKey ||
    e.altKey ||
    (at instanceof HTMLElement &&
      (at.isContentEditable || at.matches('input:not([type=checkbox],[type=radio],[type=range]), select, textarea, [role=combobox]')))
  );
}

/** Keys that work on every page. Returns what ends them. */
export function keysOfTheFrame(): () => void {
  let leader = 0;
  const press = (e: KeyboardEvent) => {
    if (typing(e) || e.defaultPrevented || document.querySelector('dialog[open]')) {
      return;
    }

    const page = GO[e.key];
    if (leader > 0 && e.timeStamp - leader < 1500 && page) {
      e.preventDefault();
      router.go(href(page));
    } else if (e.key === '?') {
      e.preventDefault();
      keys.shown = true;
    } else if (e.key === 'l') {
      e.preventDefault();
      router.go(href('log'));
    } else if (e.key === '/') {
      const field = document.querySelector<HTMLElement>('[data-search]');
      if (field) {
        e.preventDefault();
        field.focus();
      }
    }

    leader = e.key === 'g' ? e.timeStamp : 0;
  };
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}

/** Says the keys of a page in the help while the page is there. To be called while its component is made. */
export function keysOfPage(lines: readonly KeyLine[]): void {
  $effect(() => {
    keys.ofPage = lines;
    return () => {
      keys.ofPage = [];
    };
  });
}

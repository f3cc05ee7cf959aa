/** What a reader has set, kept in this browser. */

export type Theme = 'system' | 'light' | 'dark';

function kept(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined; // Storage is refused: settings last as long as the page.
  }
}

function keep(key: string, value: string | undefined): void {
  try {
    if (value === undefined) {
      localStorage.removeItem(key);
    } else {
      localStorage.setItem(key, value);
    }
  } catch {
    // As above.
  }
}

class Settings {
  #theme = $state<Theme>((kept('theme') as Theme | undefined) ?? 'system');
  #user = $state(kept('user') ?? '');

  get theme(): Theme {
    return this.#theme;
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    keep('theme', theme === 'system' ? undefined : theme);
    this.apply();
  }

  /** Who is put on record as having written; a claim, see the README on authentication. */
  get user(): string {
    return this.#user;
  }

  set user(user: string) {
    this.#user = user.trim();
    keep('user', this.#user || undefined);
  }

  apply(): void {
    document.documentElement.dataset.theme = this.#theme;
  }
}

export const settings = new Settings();
export { keep, kept };

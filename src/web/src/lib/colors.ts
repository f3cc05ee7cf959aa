/** The value of a custom property as drawn now: canvases know no variables. */
export function color(name: string, of: Element = document.documentElement): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  probe.hidden = true;
  of.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** Calls back now and whenever the colours of the page change: by the reader's choice or by the system. Returns what ends it. */
export function onColors(draw: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const forced = matchMedia('(forced-colors: active)');
  const chosen = new MutationObserver(draw);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  system.addEventListener('change', draw);
  forced.addEventListener('change', draw);
  draw();
  return () => {
    chosen.disconnect();
    system.removeEventListener('change', draw);
    forced.removeEventListener('change', draw);
  };
}

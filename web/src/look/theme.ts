// Light or dark: what the system says, until the reader says otherwise.

import { putOn } from './inks';
import type { Theme } from './palette';

const key = 'wattfor-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

// A page opened from a file may have no storage.
function stored(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function now(): Theme {
  const chosen = stored();
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return system.matches ? 'dark' : 'light';
}

export function watchTheme(changed: (theme: Theme) => void): { switch: () => void } {
  let theme = now();
  const apply = (): void => {
    const root = document.documentElement;
    root.dataset['theme'] = theme;
    putOn(root, theme);
    changed(theme);
  };
  system.addEventListener('change', () => {
    theme = now();
    apply();
  });
  apply();
  return {
    switch: () => {
      theme = theme === 'light' ? 'dark' : 'light';
      try {
        localStorage.setItem(key, theme);
      } catch {
        // Then it holds for as long as the page is open.
      }
      apply();
    },
  };
}

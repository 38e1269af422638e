// Keeps the address what the view is. A choice makes an entry that "back" returns from. Steps of one
// thing (a slider, a wheel, a line, a text that is typed) make one together: those of a drag, and
// those that follow each other soon, as with keys. It changes not more often than browsers allow.

import { readView, writeView, type ViewState } from './view_state';

const replaceEveryMs = 1000; // while a drag lasts; its end writes what is there
const togetherMs = 500;

export class ViewHistory {
  private pending: ReturnType<typeof setTimeout> | undefined;
  private latest: ViewState | undefined;
  private isDragging = false;
  private last: { readonly what: string; readonly atMs: number } | undefined; // step

  constructor(private readonly restored: (view: ViewState) => void) {
    addEventListener('pagehide', () => this.flush());
    addEventListener('popstate', () => {
      // What was not written yet belongs to the entry that was left.
      clearTimeout(this.pending);
      this.pending = undefined;
      this.end();
      this.restored(readView(location.search));
    });
  }

  choose(view: ViewState): void {
    this.flush();
    this.end();
    const address = addressOf(view);
    if (address !== addressNow()) history.pushState(null, '', address);
  }

  // A step of what is changed, such as "weight", at a time in milliseconds; settle() ends a drag.
  drag(view: ViewState, what: string, atMs: number): void {
    const { last } = this;
    const goesOn = last?.what === what && (this.isDragging || atMs - last.atMs <= togetherMs);
    if (goesOn) {
      this.latest = view;
      this.pending ??= setTimeout(() => this.write(), replaceEveryMs);
    } else {
      this.choose(view);
    }
    this.isDragging = true;
    this.last = { what, atMs };
  }

  // What the entry says without having been chosen.
  amend(view: ViewState): void {
    this.flush();
    history.replaceState(null, '', addressOf(view));
  }

  settle(): void {
    this.flush();
    this.isDragging = false;
  }

  private end(): void {
    this.isDragging = false;
    this.last = undefined;
  }

  private flush(): void {
    if (this.pending === undefined) return;
    clearTimeout(this.pending);
    this.write();
  }

  private write(): void {
    this.pending = undefined;
    if (this.latest !== undefined) history.replaceState(null, '', addressOf(this.latest));
  }
}

function addressOf(view: ViewState): string {
  const query = writeView(view);
  return query === '' ? location.pathname : `?${query}`;
}

const addressNow = (): string => (location.search === '' ? location.pathname : location.search);

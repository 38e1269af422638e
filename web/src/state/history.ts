// Keeps the address what the view is. A choice makes an entry that "back" returns from; dragging
// makes one when it begins and then changes that, not more often than browsers allow.

import { readView, writeView, type ViewState } from './view_state';

const replaceEveryMs = 250;

export class ViewHistory {
  private pending: ReturnType<typeof setTimeout> | undefined;
  private latest: ViewState | undefined;
  private isDragging = false;

  constructor(private readonly restored: (view: ViewState) => void) {
    addEventListener('popstate', () => {
      this.forget();
      this.restored(readView(location.search));
    });
  }

  choose(view: ViewState): void {
    this.forget();
    this.isDragging = false;
    const address = addressOf(view);
    if (address !== addressNow()) history.pushState(null, '', address);
  }

  // While something is dragged; settle() ends it.
  drag(view: ViewState): void {
    if (!this.isDragging) {
      this.choose(view);
      this.isDragging = true;
      return;
    }
    this.latest = view;
    this.pending ??= setTimeout(() => this.write(), replaceEveryMs);
  }

  settle(): void {
    if (this.pending !== undefined) {
      clearTimeout(this.pending);
      this.write();
    }
    this.isDragging = false;
  }

  private write(): void {
    this.pending = undefined;
    if (this.latest !== undefined) history.replaceState(null, '', addressOf(this.latest));
  }

  private forget(): void {
    clearTimeout(this.pending);
    this.pending = undefined;
  }
}

function addressOf(view: ViewState): string {
  const query = writeView(view);
  return query === '' ? location.pathname : `?${query}`;
}

const addressNow = (): string => (location.search === '' ? location.pathname : location.search);

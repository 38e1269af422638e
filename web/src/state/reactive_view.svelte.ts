// The view with a signal for each field: what shows the weight hears of the weight alone.

import type { ViewState } from './view_state';

function field<T>(initial: T): PropertyDescriptor {
  let value = $state.raw(initial);
  return {
    enumerable: true,
    get: () => value,
    set: (next: T) => {
      value = next;
    },
  };
}

// Fields are set by Object.assign(); a copy by `{ ...view }` is a plain view.
export function reactiveView(initial: ViewState): ViewState {
  const fields = Object.entries(initial).map(([name, value]) => [name, field(value as unknown)]);
  return Object.defineProperties({}, Object.fromEntries(fields)) as ViewState;
}

// Pointer, wheel and touch on the plot. What a drag does is the mode's, or for once that of a key:
// Shift draws a box, Alt a lasso. The wheel zooms with Ctrl or Meta (as which browsers tell a pinch on a
// touchpad, too) or while the plot has the focus; else the page scrolls past.

import type { Place } from './region';

export type Mode = 'pan' | 'box' | 'lasso';

export interface GestureTarget {
  mode(): Mode;
  hover(place: Place | undefined): void;
  click(place: Place, isTouch: boolean): void;
  panStart(): void;
  pan(byX: number, byY: number): void;
  zoom(factor: number, about: Place): void;
  outline(places: readonly Place[], mode: Mode): void; // while it is drawn
  select(places: readonly Place[], mode: Mode): void;
  settle(): void;
  plainWheel(): void; // one that scrolls the page
}

const clickReach = 4; // pixels that a finger or a mouse moves unwillingly

export function gestures(element: HTMLElement, target: GestureTarget): () => void {
  const pointers = new Map<number, Place>();
  let start: Place | undefined;
  let mode: Mode = 'pan';
  let places: Place[] = [];
  let isMoved = false;

  const placeOf = (event: { clientX: number; clientY: number }): Place => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const spread = (): number => {
    const [a, b] = [...pointers.values()] as [Place, Place];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };

  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const place = placeOf(event);
    pointers.set(event.pointerId, place);
    element.setPointerCapture(event.pointerId);
    if (pointers.size > 1) return;
    mode = event.shiftKey ? 'box' : event.altKey ? 'lasso' : target.mode();
    start = place;
    places = [place];
    isMoved = false;
    target.panStart();
  };

  const move = (event: PointerEvent): void => {
    const place = placeOf(event);
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      target.hover(place);
      return;
    }
    if (pointers.size === 2) {
      const wide = spread();
      pointers.set(event.pointerId, place);
      const [a, b] = [...pointers.values()] as [Place, Place];
      isMoved = true;
      const now = spread();
      if (wide > 0 && now > 0) target.zoom(wide / now, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
      return;
    }
    pointers.set(event.pointerId, place);
    if (start === undefined) return;
    isMoved ||= Math.hypot(place[0] - start[0], place[1] - start[1]) > clickReach;
    if (!isMoved) return;
    if (mode === 'pan') {
      target.pan(place[0] - start[0], place[1] - start[1]);
      return;
    }
    if (mode === 'box') places = [start, place];
    else places.push(place);
    target.outline(places, mode);
  };

  const up = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId) || pointers.size > 0) return;
    if (!isMoved && event.type === 'pointerup') {
      target.click(placeOf(event), event.pointerType === 'touch');
    } else if (isMoved && mode !== 'pan') {
      target.select(places, mode);
    }
    start = undefined;
    target.settle();
  };

  const wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== element) {
      target.plainWheel();
      return;
    }
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    target.zoom(Math.exp(Math.max(-0.5, Math.min(0.5, event.deltaY * lines * 0.002))), placeOf(event));
    target.settle();
  };
  const leave = (): void => target.hover(undefined);

  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('pointerleave', leave);
  element.addEventListener('wheel', wheel, { passive: false });
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('pointerleave', leave);
    element.removeEventListener('wheel', wheel);
  };
}

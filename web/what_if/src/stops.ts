// Keyboard navigation in the graph: one stop of the page, then from task to task with the arrow keys.

import type { Layout, Place } from "./layout";

export type Side = "source" | "target";

export interface Stop extends Place {
  readonly side: Side;
}

/** The stops of a graph, targets first, each side from top to bottom. */
export function stopsOf({ sources, targets }: Layout): Stop[] {
  const onSide = (side: Side, places: readonly Place[]) => places.map(({ task, y }): Stop => ({ side, task, y }));
  return [...onSide("target", targets), ...onSide("source", sources)];
}

/** The stop that a key leads to; null if there is none. */
export function stopAfter(stops: readonly Stop[], from: Stop, key: string): Stop | null {
  const own = stops.filter(({ side }) => side === from.side);
  const place = own.findIndex(({ task }) => task === from.task);
  switch (key) {
    case "ArrowDown":
      return own[place + 1] ?? null;
    case "ArrowUp":
      return own[place - 1] ?? null;
    case "ArrowLeft":
      return from.side === "target" ? nearest(stops, "source", from.y) : null;
    case "ArrowRight":
      return from.side === "source" ? nearest(stops, "target", from.y) : null;
    case "Home":
      return own[0] ?? null;
    case "End":
      return own.at(-1) ?? null;
    default:
      return null;
  }
}

function nearest(stops: readonly Stop[], side: Side, y: number): Stop | null {
  const [best] = stops
    .filter((stop) => stop.side === side)
    .sort((a, b) => Math.abs(a.y - y) - Math.abs(b.y - y));
  return best ?? null;
}

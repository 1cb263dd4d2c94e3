// The task of the graph under the pointer or with keyboard focus: the others are dimmed.

import { useState } from "preact/hooks";
import { stopAfter, type Side, type Stop } from "./stops";

export interface Looking {
  readonly looked: number | null;
  /** Attributes of an element that can get the focus. */
  readonly stop: (side: Side, task: number) => object;
  readonly step: (event: KeyboardEvent) => void;
}

export function useLooking(stops: readonly Stop[]): Looking {
  const [pointed, setPointed] = useState<number | null>(null);
  const [last, setLast] = useState("");
  const [hasFocus, setHasFocus] = useState(false);
  // One stop for the Tab key: the last focused task, if the answer still has it.
  const known = stops.find((stop) => nameOf(stop) === last);
  const current = known ?? stops[0];
  const look = pointed ?? (hasFocus ? (known?.task ?? null) : null);
  return {
    looked: stops.some(({ task }) => task === look) ? look : null,
    stop: (side, task) => {
      const name = nameOf({ side, task });
      const isCurrent = current !== undefined && nameOf(current) === name;
      return {
        role: "option",
        "aria-selected": hasFocus && isCurrent,
        "data-stop": name,
        tabindex: isCurrent ? 0 : -1, // lower case: in SVG "tabIndex" is not an attribute
        onMouseEnter: () => setPointed(task),
        onMouseLeave: () => setPointed(null),
        onFocus: () => {
          setLast(name);
          setHasFocus(true);
        },
        onBlur: () => setHasFocus(false),
      };
    },
    step: (event) => {
      const to = current && stopAfter(stops, current, event.key);
      if (!to || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault(); // the page would scroll
      const drawing = event.currentTarget as SVGElement;
      drawing.querySelector<SVGElement>(`[data-stop="${nameOf(to)}"]`)?.focus();
    },
  };
}

const nameOf = ({ side, task }: Pick<Stop, "side" | "task">): string => `${side} ${task}`;

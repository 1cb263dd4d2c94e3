import { expect, it } from "vitest";
import type { Layout } from "../src/layout";
import { stopAfter, stopsOf } from "../src/stops";

// Targets 4, 2, 7 from top to bottom, sources 2 and 9.
const STOPS = stopsOf({
  targets: [
    { task: 4, y: 10, candidate: 1 },
    { task: 2, y: 40, candidate: 0 },
    { task: 7, y: 90, candidate: 2 },
  ],
  sources: [
    { task: 2, y: 40 },
    { task: 9, y: 80 },
  ],
} as unknown as Layout);

const named = (name: string) => STOPS.find(({ side, task }) => `${side} ${task}` === name)!;

it("starts with the uppermost target", () => {
  expect(STOPS[0]).toEqual({ side: "target", task: 4, y: 10 });
});

it.each([
  ["target 4", "ArrowDown", "target 2"],
  ["target 2", "ArrowDown", "target 7"],
  ["target 7", "ArrowDown", null],
  ["target 4", "ArrowUp", null],
  ["target 7", "ArrowUp", "target 2"],
  ["target 7", "Home", "target 4"],
  ["target 4", "End", "target 7"],
  ["target 7", "ArrowLeft", "source 9"],
  ["target 4", "ArrowLeft", "source 2"],
  ["target 4", "ArrowRight", null],
  ["source 2", "ArrowLeft", null],
  ["source 2", "ArrowRight", "target 2"],
  ["source 2", "ArrowDown", "source 9"],
  ["source 9", "Tab", null],
])("leads from %s with %s to %s", (from, key, to) => {
  expect(stopAfter(STOPS, named(from), key)).toEqual(to === null ? null : named(to));
});

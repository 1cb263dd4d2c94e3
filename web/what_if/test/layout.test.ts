import { describe, expect, it } from "vitest";
import { layoutGraph } from "../src/layout";
import type { PageData, Solved } from "../src/problem";
import { points, shortLabel, signed } from "../src/words";
import { table } from "./example";

const BY_HAND = table(
  ["a", "b", "c", "d"],
  [
    ["a", "a", 0.5, "full_supervision"],
    ["b", "a+c", 0.5],
    ["c", "c", 0.5],
  ],
);
const DATA: PageData = {
  ...BY_HAND,
  families: [...BY_HAND.families, { name: "other", label: "Other", colour: "#8C8C8C" }],
  tasks: BY_HAND.tasks.map((task) => (task.name === "c" ? { ...task, family: "other" } : task)),
};
const ANSWER: Solved = {
  status: "optimal",
  selected: [0, 1],
  labelled: [0, 2],
  objective: 1,
  cost: 2,
  gain: 0.5,
  quality: null,
};

describe("the graph", () => {
  const layout = layoutGraph(DATA, ANSWER, 800);

  it("places a source beside its own target, and has no row for tasks that are neither", () => {
    const y = (places: readonly { task: number; y: number }[], task: number) =>
      places.find((place) => place.task === task)?.y;
    expect(y(layout.sources, 0)).toBe(y(layout.targets, 0));
    expect(layout.targets.map(({ task }) => task)).toEqual([0, 1]);
    expect(layout.sources.map(({ task }) => task)).toEqual([0, 2]);
  });

  it("places rows inside the bands of their families", () => {
    const [first, second] = layout.bands;
    expect(layout.bands.map(({ family }) => family)).toEqual(["2d", "other"]);
    for (const { y } of layout.targets) expect(y).toBeLessThan(first!.top + first!.height);
    expect(second!.top).toBeGreaterThanOrEqual(first!.top + first!.height);
    expect(layout.sources[1]!.y).toBeGreaterThan(second!.top);
    expect(layout.height).toBeGreaterThanOrEqual(second!.top + second!.height);
  });

  it("joins the sources of a transfer of higher order before its target", () => {
    expect(layout.joints.map(({ task }) => task)).toEqual([1]);
    const ends = layout.edges.map(({ target, path }) => [target, Number(path.split(" ").at(-2))]);
    expect(ends).toEqual([
      [0, layout.targetX],
      [1, layout.jointX],
      [1, layout.jointX],
    ]);
    expect(layout.edges.map(({ isOwn }) => isOwn)).toEqual([true, false, false]);
  });

  it.each([320, 358, 700, 1000])("keeps its columns apart at a width of %i", (width) => {
    const { sourceX, jointX, targetX, bars } = layoutGraph(DATA, ANSWER, width);
    const columns = [100, sourceX, jointX, targetX, targetX + 100, ...(bars ? [bars.gain, bars.quality] : [])];
    expect([...columns, width]).toEqual([...columns, width].sort((a, b) => a - b));
  });
});

it("shortens the name of a custom task that is too long", () => {
  const data = table(["Non-fixated pose", "a task of my very own"], [["Non-fixated pose", "a task of my very own", 1]]);
  expect([0, 1].map((task) => shortLabel(data, task))).toEqual(["Non-fixated pose", "a task of my ve…"]);
});

it.each([
  [0.0149, "+1.5 points"],
  [-0.2, "−20.0 points"],
  [-0.0001, "0.0 points"],
  [null, "–"],
])("writes a difference of %s as %s", (difference, written) => {
  expect(points(difference)).toBe(written);
});

it.each([
  [2, "+2"],
  [-0.1 - 0.2, "−0.3"],
  [0, "±0"],
])("writes a change of cost of %s as %s", (cost, written) => {
  expect(signed(cost)).toBe(written);
});

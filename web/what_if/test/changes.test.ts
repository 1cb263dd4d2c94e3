import { expect, it } from "vitest";
import { changesBetween } from "../src/changes";
import type { Solved } from "../src/problem";
import { table } from "./example";

const DATA = table(
  ["a", "b", "c"],
  [
    ["a", "a", 0.5, "full_supervision"],
    ["a", "c", 0.25],
    ["b", "a", 0.5],
    ["b", "c", 0.75],
  ],
);

const solved = (selected: number[], labelled: number[], gain: number | null): Solved => ({
  status: "optimal",
  selected,
  labelled,
  objective: 1,
  cost: labelled.length,
  gain,
  quality: null,
});

it("lists changes of labels, transfers and means", () => {
  const changes = changesBetween(DATA, solved([0, 2], [0], 0.5), solved([0, 3], [0, 2], 0.625));
  expect(changes).toEqual({
    added: [2],
    dropped: [],
    targets: [{ target: 1, before: 2, after: 3 }],
    gain: 0.125,
    quality: null,
    cost: 1,
  });
});

it("lists targets that appear and disappear", () => {
  const changes = changesBetween(DATA, solved([0], [0], 1), solved([3], [2], 1));
  expect(changes?.dropped).toEqual([0]);
  expect(changes?.targets).toEqual([
    { target: 0, before: 0, after: null },
    { target: 1, before: null, after: 3 },
  ]);
});

it("is null if one side has no taxonomy", () => {
  const none = { status: "infeasible", reason: "", cheapest: null } as const;
  expect(changesBetween(DATA, none, solved([0], [0], 1))).toBeNull();
  expect(changesBetween(DATA, solved([0], [0], 1), none)).toBeNull();
  expect(changesBetween(DATA, null, solved([0], [0], 1))).toBeNull();
});

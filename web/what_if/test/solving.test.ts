import loadHighs, { type Highs } from "highs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Choice, PageData, Role, Solved } from "../src/problem";
import { solve } from "../src/solving";
import { drawTable, randomNumbers, table } from "./example";

let highs: Highs;
beforeAll(async () => {
  highs = await loadHighs();
});

/** a: itself .5, from b .35, from b+c .4 · b: itself .6, from a .4 · c is labelled only for a. */
const BY_HAND = table(
  ["a", "b", "c"],
  [
    ["a", "a", 0.5, "full_supervision"],
    ["a", "b", 0.35],
    ["a", "b+c", 0.4],
    ["b", "b", 0.6, "full_supervision"],
    ["b", "a", 0.4],
  ],
);

const ask = (data: PageData, change: Partial<Choice>) => solve(highs, data, { ...data.start, ...change });

describe("by hand", () => {
  it.each([
    ["one label: b for both", { budget: 1 }, [1], 0.95],
    ["two labels: each from its own", { budget: 2 }, [0, 1], 1.1],
    ["a label of three costs too much", { budget: 2, labelCost: [3, 1, 1] }, [1, 2], 1.0],
    ["an order cap forbids the pair", { budget: 2, labelCost: [3, 1, 1], maxOrder: 1 }, [1], 0.95],
    ["importance turns the choice", { budget: 1, importance: [10, 1, 1] }, [0], 5.4],
    ["without own networks", { budget: 3, allowsFullSupervision: false }, [0, 1, 2], 0.8],
    ["b only as a target", { budget: 3, roles: ["both", "target", "both"] as Role[] }, [0], 0.9],
    ["b only as a source", { budget: 1, roles: ["target", "source", "both"] as Role[] }, [1], 0.35],
    ["a left out", { budget: 3, roles: ["none", "both", "both"] as Role[] }, [1], 0.6],
  ])("%s", (_, change, labelled, objective) => {
    const answer = ask(BY_HAND, change);
    expect(answer).toMatchObject({ status: "optimal", labelled });
    expect((answer as Solved).objective).toBeCloseTo(objective, 12);
  });

  it("returns the cost of the cheapest taxonomy if none fits", () => {
    expect(ask(BY_HAND, { budget: 1, labelCost: [3, 2, 1] })).toMatchObject({
      status: "infeasible",
      cheapest: 2,
    });
  });

  it("names the target that no transfer reaches", () => {
    const answer = ask(BY_HAND, { roles: ["target", "both", "both"], budget: 9, allowsFullSupervision: false });
    expect(answer).toMatchObject({ status: "infeasible", reason: "No transfer that is allowed leads to b." });
  });

  it.each([
    ["no target", { roles: ["source", "source", "source"] as Role[] }, /is a target/],
    ["no source", { roles: ["target", "target", "target"] as Role[] }, /No transfer is left/],
    ["prices too far apart", { labelCost: [1, 1, 2e6] }, /million times/],
  ])("refuses %s", (_, change, message) => {
    const answer = ask(BY_HAND, change);
    expect(answer).toMatchObject({ status: "refused", reason: expect.stringMatching(message) });
  });
});

/** Try every set of labels; slow and certain. */
function bestOfAll(data: PageData, choice: Choice): number {
  let best = Number.NaN;
  for (let labels = 0; labels < 2 ** data.tasks.length; labels++) {
    const isLabelled = (source: number) => ((labels >> source) & 1) === 1;
    const cost = data.tasks.reduce((sum, _, s) => sum + (isLabelled(s) ? choice.labelCost[s]! : 0), 0);
    if (cost > choice.budget) continue;
    const value = data.tasks.reduce((sum, task, target) => {
      if (!task.isTarget) return sum;
      const open = data.candidates.filter(
        (c) => c.target === target && c.sources.length <= choice.maxOrder && c.sources.every(isLabelled),
      );
      return sum + choice.importance[target]! * Math.max(...open.map((c) => c.affinity), -Infinity);
    }, 0);
    if (Number.isFinite(value) && !(best >= value)) best = value;
  }
  return best;
}

it.each(Array.from({ length: 20 }, (_, seed) => seed))("is the best of all sets of labels, seed %i", (seed) => {
  const data = drawTable(seed, { nTasks: 7, nTargets: 5, nHigher: 8, maxOrder: 4 });
  const random = randomNumbers(1000 + seed);
  const choice: Choice = {
    ...data.start,
    budget: 0.4 + 4 * random(),
    maxOrder: 1 + Math.floor(4 * random()),
    importance: data.tasks.map(() => 2 * random()),
    labelCost: data.tasks.map(() => 0.5 + 2 * random()),
  };
  const answer = solve(highs, data, choice);
  const best = bestOfAll(data, choice);
  if (answer.status === "optimal") expect(Math.abs(answer.objective - best)).toBeLessThan(1e-9);
  else expect(best).toBeNaN();
});

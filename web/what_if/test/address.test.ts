import { expect, it } from "vitest";
import { readAddress, writeAddress } from "../src/address";
import type { Choice, Role } from "../src/problem";
import { table } from "./example";

// b is no source, c no target
const DATA = table(
  ["a", "b", "c"],
  [
    ["a", "a", 0.5],
    ["a", "c", 0.5],
    ["b", "a+c", 1],
  ],
  { roles: ["both", "target", "source"] },
);

it("is empty if nothing differs from the start", () => {
  expect(writeAddress(DATA, DATA.start)).toBe("");
  expect(readAddress(DATA, "")).toEqual(DATA.start);
});

it("round-trips with every digit", () => {
  const choice: Choice = {
    budget: 2.1 + 0.2,
    maxOrder: 1,
    allowsFullSupervision: false,
    roles: ["target", "none", "source"],
    importance: [1 / 3, 0, 1],
    labelCost: [1, 1, 1e-3],
  };
  expect(readAddress(DATA, `#${writeAddress(DATA, choice)}`)).toEqual(choice);
});

it.each([
  ["budget=-1"],
  ["budget="],
  ["budget=Infinity"],
  ["order=1.5"],
  ["order=0"],
  ["own=perhaps"],
  ["importance.a=-1"],
  ["cost.a=0"],
  ["cost.a=much"],
  ["role.a=king"],
  ["role.b=source"],
  ["role.unknown=none"],
])("ignores what cannot be: %s", (address) => {
  expect(readAddress(DATA, address)).toEqual(DATA.start);
});

it("uses the valid part of an address", () => {
  const roles: Role[] = ["source", "target", "source"];
  expect(readAddress(DATA, "#role.a=source&budget=x")).toEqual({ ...DATA.start, roles });
});

it.each([
  ["order=99", 4],
  ["order=1e300", 4],
  ["order=3", 3],
])("lets no cap be larger than there is to choose: %s", (address, maxOrder) => {
  expect(readAddress(DATA, address)).toEqual({ ...DATA.start, maxOrder });
});

it("accepts a cap of the candidates above that of the run", () => {
  const data = { ...DATA, start: { ...DATA.start, maxOrder: 1 } };
  expect(readAddress(data, "order=99").maxOrder).toBe(2);
});

import { expect, it } from "vitest";
import { amount, percent } from "../src/words";

it.each([
  [0.1 + 0.2, "0.3"],
  [2 / 3, "0.666667"],
  [1e-9, "1e-9"],
  [12.5, "12.5"],
  [99_999_999, "99999999"],
  [1_234_567.5, "1234567.5"],
  [1e300, "1e+300"],
])("writes the amount %d as %s", (value, text) => {
  expect(amount(value)).toBe(text);
});

it("does not separate a share from its sign", () => {
  expect(percent(0.996)).toBe("100\u00a0%");
  expect(percent(null)).toBe("–");
});

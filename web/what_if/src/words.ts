// Numbers and names as text.

import type { Candidate, PageData } from "./problem";

const SHORT = 16;
const NO_BREAK = "\u00a0";

export const percent = (share: number | null): string =>
  share === null ? "–" : `${Math.round(100 * share)}${NO_BREAK}%`;

/** A difference of shares in percentage points, with its sign. */
export function points(difference: number | null): string {
  if (difference === null) return "–";
  const rounded = (100 * difference).toFixed(1);
  return `${Number(rounded) > 0 ? "+" : ""}${rounded.replace("-", "−").replace(/^−0\.0$/, "0.0")} points`;
}

/** A sum of costs without rounding errors: six digits, or all digits of a large whole number. */
export const amount = (value: number): string =>
  String(Number(value < 1000 ? value.toPrecision(6) : value.toFixed(3)));

export const signed = (value: number): string =>
  `${value > 0 ? "+" : value < 0 ? "−" : "±"}${amount(Math.abs(value))}`;

export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

export const label = (data: PageData, task: number): string => data.tasks[task]!.label;

/** The name of a task where space is short: those of the dictionary fit, custom ones may not. */
export function shortLabel(data: PageData, task: number): string {
  const whole = label(data, task);
  return whole.length > SHORT ? `${whole.slice(0, SHORT - 1)}…` : whole;
}

/** How a target is reached, as text. */
export function origin(data: PageData, candidate: Candidate): string {
  if (isOwnNetwork(candidate)) return "own network";
  return candidate.sources.map((source) => label(data, source)).join(" + ");
}

export const isOwnNetwork = (candidate: Candidate): boolean => candidate.kind === "full_supervision";

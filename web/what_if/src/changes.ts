// The differences between a new answer and an earlier one.

import type { Answer, PageData, Solved } from "./problem";

export interface TargetChange {
  readonly target: number;
  /** Candidates; null if the target is not solved on that side. */
  readonly before: number | null;
  readonly after: number | null;
}

export interface Changes {
  readonly added: readonly number[];
  readonly dropped: readonly number[];
  readonly targets: readonly TargetChange[];
  readonly gain: number | null;
  readonly quality: number | null;
  readonly cost: number;
}

/** The difference between two answers; null if one of them has no taxonomy. */
export function changesBetween(data: PageData, before: Answer | null, after: Answer | null): Changes | null {
  if (before?.status !== "optimal" || after?.status !== "optimal") return null;
  const earlier = byTarget(data, before);
  const later = byTarget(data, after);
  const targets = [...new Set([...earlier.keys(), ...later.keys()])].sort((a, b) => a - b);
  return {
    added: after.labelled.filter((source) => !before.labelled.includes(source)),
    dropped: before.labelled.filter((source) => !after.labelled.includes(source)),
    targets: targets
      .map((target) => ({ target, before: earlier.get(target) ?? null, after: later.get(target) ?? null }))
      .filter((change) => change.before !== change.after),
    gain: difference(before.gain, after.gain),
    quality: difference(before.quality, after.quality),
    cost: after.cost - before.cost,
  };
}

function byTarget(data: PageData, answer: Solved): Map<number, number> {
  return new Map(answer.selected.map((i) => [data.candidates[i]!.target, i]));
}

function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : after - before;
}

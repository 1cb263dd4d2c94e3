// Which candidates the program may choose from; mirrors `core/taxonomy/admission.py`.

import { isSourceRole, isTargetRole, type Choice, type PageData } from "./problem";

/** Beyond this ratio of prices the solver's arithmetic cannot distinguish the cheapest label from 0. */
const DEAREST = 1e6;

export interface Admitted {
  /** Tasks that must be solved, by name. */
  readonly targets: readonly number[];
  /** Candidates that may be chosen, best affinity first for each target, without dominated ones. */
  readonly candidates: readonly number[];
  /** Tasks that may be labelled, before dominated candidates are dropped. */
  readonly sources: readonly number[];
}

/** A choice without a program; the message says what to change. */
export class Refusal extends Error {}

export function admit(data: PageData, choice: Choice): Admitted {
  const targets = byName(
    data,
    data.tasks.flatMap((task, i) => (task.isTarget && isTargetRole(choice.roles[i]!) ? [i] : [])),
  );
  if (targets.length === 0) throw new Refusal("No task is a target: give at least one that role.");
  const admitted = data.candidates.flatMap((candidate, i) => {
    const isOwn = candidate.sources.includes(candidate.target);
    const isAdmitted =
      isTargetRole(choice.roles[candidate.target]!) &&
      candidate.sources.every((source) => isSourceRole(choice.roles[source]!)) &&
      (choice.allowsFullSupervision || !isOwn);
    return isAdmitted ? [i] : [];
  });
  if (admitted.length === 0)
    throw new Refusal("No transfer is left to choose from: let more tasks be sources.");
  const sources = [...new Set(admitted.flatMap((i) => data.candidates[i]!.sources))];
  const prices = sources.map((source) => choice.labelCost[source]!);
  if (Math.max(...prices) > DEAREST * Math.min(...prices))
    throw new Refusal("The dearest label may cost a million times the cheapest at most.");
  const underCap = admitted.filter((i) => data.candidates[i]!.sources.length <= choice.maxOrder);
  return { targets, sources, candidates: dropDominated(data, underCap) };
}

/**
 * Drop every candidate that is dominated: another one into the same target needs no further source
 * and has an affinity at least as high. The optimum is the same, whatever the costs.
 */
export function dropDominated(data: PageData, candidates: readonly number[]): number[] {
  const kept = new Map<number, Set<number>[]>();
  return bestFirst(data, candidates).filter((i) => {
    const { target, sources } = data.candidates[i]!;
    const rivals = kept.get(target) ?? [];
    kept.set(target, rivals);
    const own = new Set(sources);
    if (rivals.some((rival) => isSubset(rival, own))) return false;
    rivals.push(own);
    return true;
  });
}

/** Sort by target, affinity, number of sources, their names, kind: the order of the Python side, so that ties are resolved alike. */
function bestFirst(data: PageData, candidates: readonly number[]): number[] {
  const key = new Map(
    candidates.map((i) => {
      const { sources, kind } = data.candidates[i]!;
      return [i, [...sources.map((source) => data.tasks[source]!.name), kind].join("\u0000")];
    }),
  );
  return [...candidates].sort((a, b) => {
    const one = data.candidates[a]!;
    const other = data.candidates[b]!;
    return (
      one.target - other.target ||
      other.affinity - one.affinity ||
      one.sources.length - other.sources.length ||
      (key.get(a)! < key.get(b)! ? -1 : 1)
    );
  });
}

function byName(data: PageData, tasks: number[]): number[] {
  return tasks.sort((a, b) => (data.tasks[a]!.name < data.tasks[b]!.name ? -1 : 1));
}

function isSubset(part: ReadonlySet<number>, whole: ReadonlySet<number>): boolean {
  for (const one of part) if (!whole.has(one)) return false;
  return true;
}

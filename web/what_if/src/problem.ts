// The words of the page: what Python hands over, what a user chooses, what comes back.
// Tasks and candidates are numbers: places in `PageData.tasks` and `PageData.candidates`.

export type Role = "both" | "target" | "source" | "none";
export const ROLES: readonly Role[] = ["both", "target", "source", "none"];

export interface Family {
  readonly name: string;
  readonly label: string;
  readonly colour: string;
}

/** A task in drawing order; `isTarget` and `isSource` tell what the table has of it. */
export interface Task {
  readonly name: string;
  readonly label: string;
  readonly family: string;
  readonly isTarget: boolean;
  readonly isSource: boolean;
}

/** One way to solve a target; gain and quality are null where they were not measured. */
export interface Candidate {
  readonly target: number;
  readonly sources: readonly number[];
  readonly kind: string;
  readonly affinity: number;
  readonly gain: number | null;
  readonly quality: number | null;
}

/** What the user sets; lists have one entry a task. */
export interface Choice {
  readonly budget: number;
  readonly maxOrder: number;
  readonly allowsFullSupervision: boolean;
  readonly roles: readonly Role[];
  readonly importance: readonly number[];
  readonly labelCost: readonly number[];
}

export interface PageData {
  readonly origin: string | null;
  readonly families: readonly Family[];
  readonly tasks: readonly Task[];
  readonly candidates: readonly Candidate[];
  readonly start: Choice;
}

/** A solved taxonomy: the candidate of each target, and what it comes to. */
export interface Solved {
  readonly status: "optimal";
  readonly selected: readonly number[];
  readonly labelled: readonly number[];
  readonly objective: number;
  readonly cost: number;
  readonly gain: number | null;
  readonly quality: number | null;
}

/** `infeasible`: no taxonomy within the budget; `refused`: no program at all. Both say why. */
export interface Unsolved {
  readonly status: "infeasible" | "refused";
  readonly reason: string;
  readonly cheapest: number | null;
}

export type Answer = Solved | Unsolved;

export const isTargetRole = (role: Role): boolean => role === "both" || role === "target";
export const isSourceRole = (role: Role): boolean => role === "both" || role === "source";

/** The roles that a task may have: what the table lacks of it cannot be chosen. */
export function rolesOf({ isTarget, isSource }: Task): Role[] {
  return ROLES.filter(
    (role) => (isTarget || !isTargetRole(role)) && (isSource || !isSourceRole(role)),
  );
}

/** The largest order cap that there is to choose: what the candidates have, or the run asked for. */
export const largestOrder = ({ candidates, start }: PageData): number =>
  candidates.reduce((largest, { sources }) => Math.max(largest, sources.length), start.maxOrder);

/** The text of the page's JSON: candidates are rows, as names of columns 1,800 times would double it. */
export function readPageData(text: string): PageData {
  const told = JSON.parse(text) as Omit<PageData, "candidates"> & {
    candidates: [number, number[], string, number, number | null, number | null][];
  };
  return {
    ...told,
    candidates: told.candidates.map(([target, sources, kind, affinity, gain, quality]) => ({
      target,
      sources,
      kind,
      affinity,
      gain,
      quality,
    })),
  };
}

// The types of the page: what Python passes, what a user chooses, what the solver returns.
// Tasks and candidates are indices into `PageData.tasks` and `PageData.candidates`.

export type Role = "both" | "target" | "source" | "none";
export const ROLES: readonly Role[] = ["both", "target", "source", "none"];

export interface Family {
  readonly name: string;
  readonly label: string;
  readonly colour: string;
}

/** A task in drawing order; `isTarget` and `isSource` say what the table has of it. */
export interface Task {
  readonly name: string;
  readonly label: string;
  readonly family: string;
  readonly isTarget: boolean;
  readonly isSource: boolean;
}

/** One way to solve a target; gain and quality are null if they were not measured. */
export interface Candidate {
  readonly target: number;
  readonly sources: readonly number[];
  readonly kind: string;
  readonly affinity: number;
  readonly gain: number | null;
  readonly quality: number | null;
}

/** What the user sets; lists have one entry per task. */
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

/** A solved taxonomy: the candidate of each target, and the totals. */
export interface Solved {
  readonly status: "optimal";
  readonly selected: readonly number[];
  readonly labelled: readonly number[];
  readonly objective: number;
  readonly cost: number;
  readonly gain: number | null;
  readonly quality: number | null;
}

/** `infeasible`: no taxonomy within the budget; `refused`: no program at all. Both have a reason. */
export interface Unsolved {
  readonly status: "infeasible" | "refused";
  readonly reason: string;
  readonly cheapest: number | null;
}

export type Answer = Solved | Unsolved;

export const isTargetRole = (role: Role): boolean => role === "both" || role === "target";
export const isSourceRole = (role: Role): boolean => role === "both" || role === "source";

/** The roles that a task may have: those that the table has numbers for. */
export function rolesOf({ isTarget, isSource }: Task): Role[] {
  return ROLES.filter(
    (role) => (isTarget || !isTargetRole(role)) && (isSource || !isSourceRole(role)),
  );
}

/** The largest order cap: that of the candidates, or of the run's settings. */
export const largestOrder = ({ candidates, start }: PageData): number =>
  candidates.reduce((largest, { sources }) => Math.max(largest, sources.length), start.maxOrder);

/** Parse the page's JSON: candidates are rows, because column names 1,800 times would double its size. */
export function readPageData(text: string): PageData {
  const parsed = JSON.parse(text) as Omit<PageData, "candidates"> & {
    candidates: [number, number[], string, number, number | null, number | null][];
  };
  return {
    ...parsed,
    candidates: parsed.candidates.map(([target, sources, kind, affinity, gain, quality]) => ({
      target,
      sources,
      kind,
      affinity,
      gain,
      quality,
    })),
  };
}

// From a choice to a proven taxonomy; mirrors `core/taxonomy/sweep.py` for one budget and order cap.

import type { Highs, Model } from "highs";
import { admit, Refusal, type Admitted } from "./admission";
import { BUDGET_SLACK, buildProgram, costOf, weightOf, type Program } from "./program";
import type { Answer, Choice, PageData, Solved } from "./problem";

/** Far below the smallest difference that matters, far above rounding. */
const TOLERANCE = 1e-9;

/** "Optimal" is accepted only if the bound equals the objective recomputed from the table, within this share. */
const PROOF_TOLERANCE = 1e-9;

const OPTIONS = {
  output_flag: false,
  mip_rel_gap: 0,
  mip_abs_gap: 0,
  // The rows are so tight that branching alone is faster than with presolve and heuristics.
  presolve: "off",
  mip_heuristic_effort: 0,
  mip_heuristic_run_feasibility_jump: false,
  mip_heuristic_run_rins: false,
  mip_heuristic_run_rens: false,
  mip_heuristic_run_root_reduced_cost: false,
  mip_pscost_minreliable: 0,
  mip_detect_symmetry: false,
  mip_allow_restart: false,
  mip_feasibility_tolerance: TOLERANCE,
  primal_feasibility_tolerance: TOLERANCE,
  dual_feasibility_tolerance: TOLERANCE,
} as const;

/**
 * Find the best taxonomy of a choice.
 *
 * @throws Error if HiGHS breaks a constraint or reports an optimum that contradicts the table.
 */
export function solve(highs: Highs, data: PageData, choice: Choice): Answer {
  try {
    return solveAdmitted(highs, data, choice, admit(data, choice));
  } catch (error) {
    if (error instanceof Refusal) return { status: "refused", reason: error.message, cheapest: null };
    throw error;
  }
}

function solveAdmitted(highs: Highs, data: PageData, choice: Choice, admitted: Admitted): Answer {
  const everything = bestSelection(data, admitted, () => true);
  if (everything === null) return unreachable(data, admitted);
  const ceiling = tell(data, choice, everything);
  if (ceiling.cost <= choice.budget) return ceiling;
  const program = buildProgram(data, choice, admitted);
  const best = runHighs(highs, program, program.colCost, highs.constants.objectiveSense.maximize);
  if (best === null) return tooDear(highs, choice, program);
  const labelled = new Set(best.labelled);
  const selected = bestSelection(data, admitted, (source) => labelled.has(source));
  if (selected === null) throw new Error("the solver left a target without a transfer");
  const answer = tell(data, choice, selected);
  const bound = best.bound / program.scale;
  if (Math.abs(bound - answer.objective) > PROOF_TOLERANCE * Math.max(1, answer.objective))
    throw new Error(`the solver claims an optimum of ${bound}, the table gives ${answer.objective}`);
  if (answer.cost > choice.budget * (1 + BUDGET_SLACK))
    throw new Error(`the sources cost ${answer.cost}, more than ${choice.budget}`);
  return answer;
}

/** The best candidate of each target among those whose sources are all labelled; null if a target has none. */
function bestSelection(
  data: PageData,
  admitted: Admitted,
  isLabelled: (source: number) => boolean,
): number[] | null {
  const best = new Map<number, number>();
  for (const i of admitted.candidates) {
    const { target, sources } = data.candidates[i]!;
    if (!best.has(target) && sources.every(isLabelled)) best.set(target, i);
  }
  const selected = admitted.targets.map((target) => best.get(target));
  return selected.every((i) => i !== undefined) ? selected : null;
}

/** The totals of a selection, computed from the table, not taken from the solver. */
function tell(data: PageData, choice: Choice, selected: readonly number[]): Solved {
  const chosen = selected.map((i) => data.candidates[i]!);
  const labelled = [...new Set(chosen.flatMap((candidate) => candidate.sources))].sort((a, b) => a - b);
  return {
    status: "optimal",
    selected,
    labelled,
    objective: selected.reduce((sum, i) => sum + weightOf(data, choice, i), 0),
    cost: costOf(choice, labelled),
    gain: mean(chosen.map((candidate) => candidate.gain)),
    quality: mean(chosen.map((candidate) => candidate.quality)),
  };
}

export function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

function unreachable(data: PageData, admitted: Admitted): Answer {
  const reached = new Set(admitted.candidates.map((i) => data.candidates[i]!.target));
  const names = admitted.targets.filter((target) => !reached.has(target)).map((t) => data.tasks[t]!.label);
  const reason = `No transfer that is allowed leads to ${names.join(", ")}.`;
  return { status: "infeasible", reason, cheapest: null };
}

/** Return the cost of the cheapest taxonomy: the same program without the budget, minimising cost. */
function tooDear(highs: Highs, choice: Choice, program: Program): Answer {
  const cost = new Float64Array(program.colCost.length);
  program.sources.forEach((source, column) => (cost[column] = choice.labelCost[source]! * program.costScale));
  const free: Program = {
    ...program,
    colUpper: program.colUpper.map(() => 1),
    rowUpper: program.rowUpper.map((upper, n) => (n === program.rowUpper.length - 1 ? Infinity : upper)),
  };
  const found = runHighs(highs, free, cost, highs.constants.objectiveSense.minimize);
  const cheapest = found && costOf(choice, found.labelled);
  return { status: "infeasible", reason: "No labels within this budget solve every target.", cheapest };
}

function runHighs(
  highs: Highs,
  program: Program,
  colCost: Float64Array,
  sense: Highs["constants"]["objectiveSense"]["maximize" | "minimize"],
): { labelled: number[]; bound: number } | null {
  const numCols = colCost.length;
  const numRows = program.rowLower.length;
  const { continuous, integer } = highs.constants.variableType;
  const matrix = {
    format: "csr" as const,
    numRows,
    numCols,
    starts: program.starts,
    indices: program.indices,
    values: program.values,
  };
  return highs.withModel(
    {
      numCols,
      numRows,
      sense,
      colCost,
      colLower: new Float64Array(numCols),
      colUpper: program.colUpper,
      rowLower: program.rowLower,
      rowUpper: program.rowUpper,
      matrix,
      integrality: Array.from(colCost, (_, n) => (n < program.sources.length ? integer : continuous)),
    },
    (model: Model) => {
      model.options.set(OPTIONS);
      model.run();
      const status = model.getModelStatus();
      const known = highs.constants.modelStatus;
      if (status === known.infeasible || status === known.unboundedOrInfeasible) return null;
      if (status !== known.optimal) throw new Error(`HiGHS stopped with status ${status}`);
      const { colValue } = model.getSolution();
      return {
        labelled: program.sources.filter((_, column) => colValue[column]! > 0.5),
        bound: Number(model.info.get("mip_dual_bound")),
      };
    },
  );
}

// The positions in the graph: labelled sources on the left, targets on the right, one row per task.

import type { PageData, Solved } from "./problem";
import { isOwnNetwork } from "./words";

const ROW = 24;
const BAND_PADDING = 4;
const BAND_GAP = 4;
const MIN_BAND = 46; // room for the family's name, which is vertical
const TOP = 26;
// Width of the longest names on the narrowest phones, with the family's name or the sign of a change.
const SOURCE_NAMES = 112;
const TARGET_NAMES = 116;

export interface Band {
  readonly family: string;
  readonly top: number;
  readonly height: number;
}

/** A line from a source to a target or to the joint before it. */
export interface Edge {
  readonly source: number;
  readonly target: number;
  readonly path: string;
  readonly isOwn: boolean;
}

export interface Place {
  readonly task: number;
  readonly y: number;
}

export interface Layout {
  readonly height: number;
  readonly sourceX: number;
  readonly targetX: number;
  readonly jointX: number;
  /** Left ends of the two columns of bars; null if there is no room for them. */
  readonly bars: { readonly gain: number; readonly quality: number; readonly width: number } | null;
  readonly bands: readonly Band[];
  /** From top to bottom, like the targets. */
  readonly sources: readonly Place[];
  /** With the candidate chosen for each. */
  readonly targets: readonly (Place & { readonly candidate: number })[];
  readonly joints: readonly Place[];
  readonly edges: readonly Edge[];
}

export function layoutGraph(data: PageData, answer: Solved, width: number): Layout {
  const chosen = new Map(answer.selected.map((i) => [data.candidates[i]!.target, i]));
  const shown = data.tasks.flatMap((_, i) => (chosen.has(i) || answer.labelled.includes(i) ? [i] : []));
  const { bands, at, height } = stackRows(data, shown);
  const isWide = width >= 640;
  const barWidth = 64;
  const sourceX = isWide ? 164 : Math.max(SOURCE_NAMES, Math.round(0.36 * width));
  const targetX = isWide
    ? width - 148 - 2 * (barWidth + 52)
    : Math.min(width - TARGET_NAMES, Math.round(0.66 * width));
  const jointX = targetX - Math.min(34, Math.round(0.07 * width));
  const targets = [...chosen]
    .map(([task, candidate]) => ({ task, candidate, y: at.get(task)! }))
    .sort((a, b) => a.y - b.y);
  const joined = targets.filter(({ candidate }) => data.candidates[candidate]!.sources.length > 1);
  const edges = targets.flatMap(({ task, candidate, y }) => {
    const { sources } = data.candidates[candidate]!;
    const isOwn = isOwnNetwork(data.candidates[candidate]!);
    const end = sources.length > 1 ? jointX : targetX;
    return sources.map((source) => ({
      source,
      target: task,
      isOwn,
      path: curve(sourceX, at.get(source)!, end, y),
    }));
  });
  return {
    height,
    sourceX,
    targetX,
    jointX,
    bars: isWide
      ? { gain: width - 2 * (barWidth + 52), quality: width - (barWidth + 52), width: barWidth }
      : null,
    bands,
    sources: answer.labelled.map((task) => ({ task, y: at.get(task)! })).sort((a, b) => a.y - b.y),
    targets,
    joints: joined.map(({ task, y }) => ({ task, y })),
    edges,
  };
}

/** Stack the rows of the shown tasks in order, with a band behind each family. */
function stackRows(data: PageData, shown: readonly number[]) {
  const at = new Map<number, number>();
  const bands: Band[] = [];
  let top = TOP;
  for (const { name } of data.families) {
    const members = shown.filter((task) => data.tasks[task]!.family === name);
    if (members.length === 0) continue;
    const height = Math.max(MIN_BAND, members.length * ROW + 2 * BAND_PADDING);
    const first = top + (height - members.length * ROW) / 2 + ROW / 2;
    members.forEach((task, n) => at.set(task, first + n * ROW));
    bands.push({ family: name, top, height });
    top += height + BAND_GAP;
  }
  return { at, bands, height: top };
}

/** A line with horizontal ends. */
function curve(fromX: number, fromY: number, toX: number, toY: number): string {
  const bend = 0.45 * (toX - fromX);
  return `M${fromX} ${fromY}C${fromX + bend} ${fromY} ${toX - bend} ${toY} ${toX} ${toY}`;
}

// Each family has a shape in addition to its colour.

import type { PageData } from "./problem";

const FORMS: Readonly<Record<string, string>> = {
  "2d": "M-1 0A1 1 0 1 1 1 0A1 1 0 1 1 -1 0Z",
  "3d": "M0 -1.2L1.15 .85L-1.15 .85Z",
  geometric: "M0 -1.25L1.25 0L0 1.25L-1.25 0Z",
  semantic: "M-.9 -.9H.9V.9H-.9Z",
  other: "M-.4 -1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z",
};

interface MarkProps {
  readonly family: string;
  readonly data: PageData;
  readonly radius: number;
  readonly x?: number;
  readonly y?: number;
  readonly isHollow?: boolean;
}

/** A mark inside a drawing; hollow for a target that has its own network. */
export function Mark({ family, data, radius, x = 0, y = 0, isHollow = false }: MarkProps) {
  const colour = colourOf(data, family);
  return (
    <path
      d={FORMS[family] ?? FORMS["other"]!}
      transform={`translate(${x} ${y}) scale(${radius})`}
      fill={isHollow ? "var(--page)" : colour}
      stroke={isHollow ? colour : "var(--page)"}
      stroke-width={isHollow ? 2.5 : 1}
      vector-effect="non-scaling-stroke"
    />
  );
}

/** A mark in a line of text. */
export function InlineMark({ family, data }: { readonly family: string; readonly data: PageData }) {
  return (
    <svg class="mark" viewBox="-8 -8 16 16" width="14" height="14" aria-hidden="true">
      <Mark family={family} data={data} radius={5.5} />
    </svg>
  );
}

export function colourOf(data: PageData, family: string): string {
  return data.families.find(({ name }) => name === family)?.colour ?? "currentColor";
}

export function TaskName({ task, data }: { readonly task: number; readonly data: PageData }) {
  const { family, label } = data.tasks[task]!;
  return (
    <span class="task-name">
      <InlineMark family={family} data={data} />
      {label}
    </span>
  );
}

// The taxonomy as a drawing: labelled sources on the left, targets on the right.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Changes } from "./changes";
import { layoutGraph, type Layout } from "./layout";
import { useLooking, type Looking } from "./looking";
import { colourOf, InlineMark, Mark } from "./marks";
import type { PageData, Solved } from "./problem";
import { stopsOf } from "./stops";
import { counted, isOwnNetwork, label, origin, percent, shortLabel } from "./words";

interface GraphProps {
  readonly data: PageData;
  readonly answer: Solved;
  readonly changes: Changes | null;
}

export function Graph({ data, answer, changes }: GraphProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  return (
    <figure class="graph">
      <div ref={frame}>{width > 0 && <Drawing {...{ data, answer, changes, width }} />}</div>
      <Legend data={data} answer={answer} hasChanges={(changes?.targets.length ?? 0) > 0} />
    </figure>
  );
}

/** For keyboard and screen reader the graph is a list of options; lines and headings are only visual. */
function Drawing({ data, answer, changes, width }: GraphProps & { readonly width: number }) {
  const layout = layoutGraph(data, answer, width);
  const looking = useLooking(stopsOf(layout));
  const { looked } = looking;
  const isDimmed = (tasks: readonly number[]) => looked !== null && !tasks.includes(looked);
  return (
    <svg
      width={width}
      height={layout.height}
      role="listbox"
      aria-label={description(data, answer)}
      onKeyDown={looking.step}
    >
      <g aria-hidden="true">
        <Bands data={data} layout={layout} width={width} />
        <Heads layout={layout} />
        {layout.edges.map((edge) => (
          <path
            key={`${edge.source} ${edge.target}`}
            class={isDimmed([edge.source, edge.target]) ? "edge dimmed" : "edge"}
            d={edge.path}
            stroke={colourOf(data, data.tasks[edge.source]!.family)}
            stroke-dasharray={edge.isOwn ? "2 5" : undefined}
          />
        ))}
        {layout.joints.map(({ task, y }) => (
          <g key={task} class={isDimmed([task]) ? "dimmed" : ""}>
            <line class="stem" x1={layout.jointX} y1={y} x2={layout.targetX} y2={y} />
            <circle class="joint" cx={layout.jointX} cy={y} r={3} />
          </g>
        ))}
      </g>
      <Targets {...{ data, layout, changes, looking, width }} />
      <Sources {...{ data, layout, changes, looking }} />
    </svg>
  );
}

interface PartProps {
  readonly data: PageData;
  readonly layout: Layout;
  readonly changes: Changes | null;
  readonly looking: Looking;
}

function Sources({ data, layout, changes, looking }: PartProps) {
  return (
    <>
      {layout.sources.map(({ task, y }) => (
        <g key={task} {...looking.stop("source", task)}>
          <title>{`To label: ${label(data, task)}`}</title>
          <rect class="catch" x={22} y={y - 11} width={layout.sourceX - 10} height={22} rx={4} />
          <text class={looking.looked === task ? "source looked" : "source"} x={layout.sourceX - 13} y={y + 4}>
            {changes?.added.includes(task) ? "+ " : ""}
            {shortLabel(data, task)}
          </text>
          <Mark family={data.tasks[task]!.family} data={data} radius={7} x={layout.sourceX} y={y} />
        </g>
      ))}
    </>
  );
}

function Targets({ data, layout, changes, looking, width }: PartProps & { readonly width: number }) {
  const changed = new Set(changes?.targets.map(({ target }) => target));
  return (
    <>
      {layout.targets.map(({ task, candidate, y }) => {
        const chosen = data.candidates[candidate]!;
        const { bars, jointX, targetX } = layout;
        return (
          <g key={task} {...looking.stop("target", task)}>
            <title>{`${label(data, task)} from ${origin(data, chosen)}`}</title>
            <rect class="catch" x={jointX - 8} y={y - 11} width={width - jointX + 6} height={22} rx={4} />
            <Mark
              family={data.tasks[task]!.family}
              data={data}
              radius={isOwnNetwork(chosen) ? 6 : 5.5}
              x={targetX}
              y={y}
              isHollow={isOwnNetwork(chosen)}
            />
            <text class={looking.looked === task ? "looked" : ""} x={targetX + 12} y={y + 4}>
              {shortLabel(data, task)}
              {changed.has(task) && <tspan class="delta"> Δ</tspan>}
            </text>
            {bars && <Bar share={chosen.gain} x={bars.gain} y={y} width={bars.width} />}
            {bars && <Bar share={chosen.quality} x={bars.quality} y={y} width={bars.width} />}
          </g>
        );
      })}
    </>
  );
}

/** A share as a bar with its number; the line in the middle is a tie. */
function Bar({ share, x, y, width }: { share: number | null; x: number; y: number; width: number }) {
  return (
    <>
      <rect class="bar-back" x={x} y={y - 5} width={width} height={10} rx={2} />
      {share !== null && <rect class="bar" x={x} y={y - 5} width={share * width} height={10} rx={2} />}
      <line class="bar-tie" x1={x + width / 2} y1={y - 7} x2={x + width / 2} y2={y + 7} />
      <text class="bar-number" x={x + width + 42} y={y + 4}>
        {percent(share)}
      </text>
    </>
  );
}

function Bands({ data, layout, width }: { data: PageData; layout: Layout; width: number }) {
  return (
    <>
      {layout.bands.map(({ family, top, height }) => (
        <g key={family}>
          <rect x={0} y={top} width={width} height={height} rx={4} fill={colourOf(data, family)} opacity={0.09} />
          <text class="family" transform={`translate(13 ${top + height / 2}) rotate(-90)`}>
            {data.families.find(({ name }) => name === family)?.label}
          </text>
        </g>
      ))}
    </>
  );
}

function Heads({ layout }: { layout: Layout }) {
  const { bars } = layout;
  return (
    <>
      <text class="head source" x={layout.sourceX - 13} y={16}>
        to label
      </text>
      <text class="head" x={layout.targetX + 12} y={16}>
        targets
      </text>
      {bars && (
        <>
          <text class="head" x={bars.gain} y={16}>
            gain
          </text>
          <text class="head" x={bars.quality} y={16}>
            quality
          </text>
        </>
      )}
    </>
  );
}

function Legend({ data, answer, hasChanges }: { data: PageData; answer: Solved; hasChanges: boolean }) {
  const chosen = answer.selected.map((i) => data.candidates[i]!);
  const shown = [...answer.labelled, ...chosen.map(({ target }) => target)];
  const families = new Set(shown.map((task) => data.tasks[task]!.family));
  return (
    <figcaption class="legend">
      {data.families
        .filter(({ name }) => families.has(name))
        .map(({ name, label }) => (
          <span key={name}>
            <InlineMark family={name} data={data} />
            {label}
          </span>
        ))}
      <span>
        <svg class="mark" width="26" height="10" aria-hidden="true">
          <line x1="0" y1="5" x2="26" y2="5" stroke="currentColor" stroke-width="2" stroke-dasharray="2 5" />
        </svg>
        dotted, hollow: own network
      </span>
      {chosen.some(({ sources }) => sources.length > 1) && (
        <span>
          <svg class="mark" width="10" height="10" aria-hidden="true">
            <circle class="joint" cx="5" cy="5" r="3" />
          </svg>
          sources join
        </span>
      )}
      {hasChanges && (
        <span>
          <b class="delta">Δ</b> reached otherwise than before
        </span>
      )}
    </figcaption>
  );
}

function description(data: PageData, answer: Solved): string {
  const own = answer.selected.filter((i) => isOwnNetwork(data.candidates[i]!)).length;
  return (
    `Taxonomy. To label: ${answer.labelled.map((task) => label(data, task)).join(", ")}. ` +
    `${counted(answer.selected.length - own, "target")} reached by transfer, ${own} by an own network; ` +
    `the table below has each. Arrow keys go from task to task.`
  );
}

function useWidth(frame: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = frame.current!;
    const measure = () => setWidth(Math.floor(element.getBoundingClientRect().width));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}

// The settings: budget, order cap, and for each task its role, importance and label cost.

import { useState } from "preact/hooks";
import { isBudget, isImportance, isLabelCost } from "./address";
import { TaskName } from "./marks";
import { isSourceRole, isTargetRole, largestOrder, rolesOf, type Choice, type PageData, type Role } from "./problem";
import { costOf } from "./program";

interface ControlsProps {
  readonly data: PageData;
  readonly choice: Choice;
  readonly change: (part: Partial<Choice>) => void;
}

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  both: "both",
  target: "target only",
  source: "source only",
  none: "left out",
};

export function MainControls({ data, choice, change }: ControlsProps) {
  const caps = Array.from({ length: largestOrder(data) }, (_, n) => n + 1);
  const sources = data.tasks.flatMap((task, i) => (task.isSource && isSourceRole(choice.roles[i]!) ? [i] : []));
  const whole = choice.labelCost.every(Number.isInteger);
  return (
    <div class="main-controls">
      <label class="budget">
        <span class="name">Budget</span>
        <input
          type="range"
          min="0"
          max={Math.max(Math.ceil(costOf(choice, sources)), choice.budget, 1)}
          step={whole ? 1 : 0.5}
          value={choice.budget}
          onInput={(event) => change({ budget: Number(event.currentTarget.value) })}
        />
      </label>
      <NumberField
        name="Budget, as a number"
        value={choice.budget}
        isGood={isBudget}
        change={(budget) => change({ budget })}
      />
      <label class="cap">
        <span class="name">Sources per transfer</span>
        <select
          value={choice.maxOrder}
          onChange={(event) => change({ maxOrder: Number(event.currentTarget.value) })}
        >
          {caps.map((cap) => (
            <option key={cap} value={cap}>
              {cap === 1 ? "1" : `up to ${cap}`}
            </option>
          ))}
        </select>
      </label>
      <label class="own">
        <input
          type="checkbox"
          checked={choice.allowsFullSupervision}
          onChange={(event) => change({ allowsFullSupervision: event.currentTarget.checked })}
        />
        A target may use its own labels
      </label>
    </div>
  );
}

export function TaskControls({ data, choice, change }: ControlsProps) {
  const replace = <Value,>(list: readonly Value[], i: number, value: Value) =>
    list.map((known, n) => (n === i ? value : known));
  return (
    <table class="tasks">
      <thead>
        <tr>
          <th scope="col">Task</th>
          <th scope="col">Role</th>
          <th scope="col" title="weight of the target in the objective">
            Import&shy;ance
          </th>
          <th scope="col" title="cost of labelling it as a source">
            Label cost
          </th>
        </tr>
      </thead>
      <tbody>
        {data.tasks.map((task, i) => (
          <tr key={task.name} class={choice.roles[i] === "none" ? "left-out" : ""}>
            <th scope="row">
              <TaskName task={i} data={data} />
            </th>
            <td>
              <select
                aria-label={`Role of ${task.label}`}
                value={choice.roles[i]}
                onChange={(event) =>
                  change({ roles: replace(choice.roles, i, event.currentTarget.value as Role) })
                }
              >
                {rolesOf(task).map((role) => (
                  <option key={role} value={role}>
                    {ROLE_WORDS[role]}
                  </option>
                ))}
              </select>
            </td>
            <td>
              <NumberField
                name={`Importance of ${task.label}`}
                value={choice.importance[i]!}
                isGood={isImportance}
                isOff={!isTargetRole(choice.roles[i]!)}
                change={(value) => change({ importance: replace(choice.importance, i, value) })}
              />
            </td>
            <td>
              <NumberField
                name={`Label cost of ${task.label}`}
                value={choice.labelCost[i]!}
                isGood={isLabelCost}
                isOff={!isSourceRole(choice.roles[i]!)}
                change={(value) => change({ labelCost: replace(choice.labelCost, i, value) })}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface NumberFieldProps {
  readonly name: string;
  readonly value: number;
  readonly isGood: (value: number) => boolean;
  readonly isOff?: boolean;
  readonly change: (value: number) => void;
}

/**
 * A field for a number: invalid input is marked, changes nothing, and is removed when the field loses focus.
 *
 * The typed text is shown as long as it has the current value; another value comes from elsewhere (a link, the
 * slider, Reset) and replaces it. Both are compared while rendering, not in a later effect: that could run after
 * the next keystroke and overwrite it with the older value.
 */
function NumberField({ name, value, isGood, isOff = false, change }: NumberFieldProps) {
  const [typed, setTyped] = useState<{ readonly text: string; readonly value: number } | null>(null);
  // Discard the text, otherwise it would come back with the value.
  if (typed !== null && typed.value !== value) setTyped(null);
  const text = typed?.value === value ? typed.text : String(value);
  const counts = (number: number) => Number.isFinite(number) && isGood(number);
  return (
    <input
      class="number"
      type="text"
      inputMode="decimal"
      aria-label={name}
      aria-invalid={!counts(numberIn(text))}
      disabled={isOff}
      value={text}
      onInput={(event) => {
        const entered = event.currentTarget.value;
        const number = numberIn(entered);
        setTyped({ text: entered, value: counts(number) ? number : value });
        if (counts(number)) change(number);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}

/** The number of a text, with a point or a comma. */
const numberIn = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text.replace(",", ".")));

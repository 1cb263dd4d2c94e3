// A choice as the part of the address after "#": what differs from the start, for sharing.

import { largestOrder, rolesOf, type Choice, type PageData, type Role } from "./problem";

export function writeAddress(data: PageData, choice: Choice): string {
  const { start, tasks } = data;
  const parts = new URLSearchParams();
  if (choice.budget !== start.budget) parts.set("budget", String(choice.budget));
  if (choice.maxOrder !== start.maxOrder) parts.set("order", String(choice.maxOrder));
  if (choice.allowsFullSupervision !== start.allowsFullSupervision)
    parts.set("own", choice.allowsFullSupervision ? "yes" : "no");
  tasks.forEach(({ name }, i) => {
    if (choice.roles[i] !== start.roles[i]) parts.set(`role.${name}`, choice.roles[i]!);
    if (choice.importance[i] !== start.importance[i]) parts.set(`importance.${name}`, String(choice.importance[i]));
    if (choice.labelCost[i] !== start.labelCost[i]) parts.set(`cost.${name}`, String(choice.labelCost[i]));
  });
  return parts.toString();
}

/** The choice in an address; what cannot be parsed keeps its start value. */
export function readAddress(data: PageData, address: string): Choice {
  const { start, tasks } = data;
  const parts = new URLSearchParams(address.replace(/^#/, ""));
  const number = (key: string, known: number, isGood: (value: number) => boolean): number => {
    const text = parts.get(key);
    const value = Number(text);
    return text !== null && text !== "" && Number.isFinite(value) && isGood(value) ? value : known;
  };
  const own = parts.get("own");
  return {
    budget: number("budget", start.budget, isBudget),
    // Above the largest order, every cap admits the same candidates.
    maxOrder: Math.min(number("order", start.maxOrder, isOrder), largestOrder(data)),
    allowsFullSupervision: own === "yes" || (own !== "no" && start.allowsFullSupervision),
    roles: tasks.map((task, i) => {
      const role = parts.get(`role.${task.name}`) as Role | null;
      return role !== null && rolesOf(task).includes(role) ? role : start.roles[i]!;
    }),
    importance: tasks.map(({ name }, i) => number(`importance.${name}`, start.importance[i]!, isImportance)),
    labelCost: tasks.map(({ name }, i) => number(`cost.${name}`, start.labelCost[i]!, isLabelCost)),
  };
}

const isOrder = (value: number): boolean => Number.isInteger(value) && value >= 1;
export const isBudget = (value: number): boolean => value >= 0;
export const isImportance = (value: number): boolean => value >= 0;
export const isLabelCost = (value: number): boolean => value > 0;

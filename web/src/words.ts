import { byId } from "./dom";
import type { Finding, Report } from "./report";

/** What people read for the names of the report; the page carries them, so that both faces of it say the same. */
interface Words {
  categories: Record<string, string>;
  severities: Record<string, string>;
  verdicts: Record<string, string>;
  elements: Record<string, string>;
}

export const words: Words = JSON.parse(byId("words").textContent ?? "{}");

export function category(name: string): string {
  return words.categories[name] ?? name.replaceAll("_", " ");
}

export function elementName(name: string): string {
  return words.elements[name] ?? name.replaceAll("_", " ");
}

export function severity(finding: Finding): string {
  return words.severities[String(finding.severity)] ?? "";
}

export function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function listed(items: string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** One sentence that says why the verdict is what it is. */
export function reasons(report: Report): string {
  const placed = report.findings.filter((finding) => finding.category !== "missing");
  const worst = placed.filter((finding) => finding.severity === 3);
  const middle = placed.filter((finding) => finding.severity === 2).length;
  const mild = placed.filter((finding) => finding.severity === 1).length;
  const lacking = Object.entries(report.elements)
    .filter(([, element]) => element.required && !element.present)
    .map(([name]) => elementName(name).toLowerCase());
  const parts: string[] = [];
  if (worst.length) {
    const kinds = [...new Set(worst.map((finding) => category(finding.category).toLowerCase()))];
    parts.push(`${plural(worst.length, "passage", "passages")} must not be sent (${kinds.join(", ")})`);
  }
  if (middle) parts.push(`${middle} should change`);
  if (mild) parts.push(`${mild} could be better`);
  const said = listed(parts);
  const needs = lacking.length ? `Missing: ${listed(lacking)}.` : "";
  if (!said) return needs || "Nothing in it is likely to trouble the reader.";
  return `${said[0]!.toUpperCase()}${said.slice(1)}. ${needs}`.trim();
}

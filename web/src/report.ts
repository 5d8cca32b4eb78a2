/** The report as the service hands it out; offsets are Unicode code points. */
export interface Suggestion {
  start: number;
  end: number;
  text: string;
  kind: "rephrase" | "insert" | "delete";
  safe: boolean;
}

export interface Finding {
  rule: string;
  category: string;
  severity: 1 | 2 | 3;
  start: number | null;
  end: number | null;
  line: number | null;
  quote: string | null;
  element: string | null;
  message: string;
  why: string;
  citation: string | null;
  instead?: string | null;
  suggestions: Suggestion[];
}

export interface Element {
  present: boolean;
  required: boolean;
  evidence: { start: number; end: number; quote: string }[];
}

export interface Report {
  version: string;
  verdict: "send" | "revise" | "block";
  score: number;
  findings: Finding[];
  elements: Record<string, Element>;
}

/** Findings that share their place and their suggestions: one card, one decision for the writer. */
export interface Group {
  id: string;
  findings: Finding[];
  /** Code points, or null where the finding is an absence. */
  start: number | null;
  end: number | null;
  suggestions: Suggestion[];
}

/** What a dismissal remembers: the rule and the words, not the place, so that it survives edits elsewhere. */
export function keyOf(finding: Finding): string {
  return `${finding.rule}\u0000${finding.quote ?? finding.element ?? ""}`;
}

/**
 * Gathers findings into groups, in the order of the draft, absences last. Findings with the same suggestions, or without
 * any and with the same place, belong together. An id is the same for the same words in the next report.
 */
export function group(findings: Finding[]): Group[] {
  const groups = new Map<string, Group>();
  const seen = new Map<string, number>();
  for (const finding of findings) {
    const place = finding.start === null ? `absent ${finding.element ?? finding.rule}` : "";
    const shared = place || (finding.suggestions.length ? JSON.stringify(finding.suggestions) : `${finding.start}-${finding.end}`);
    const found = groups.get(shared);
    if (found) {
      found.findings.push(finding);
      if (finding.start !== null) found.start = Math.min(found.start!, finding.start);
      if (finding.end !== null) found.end = Math.max(found.end!, finding.end);
      continue;
    }
    const key = keyOf(finding);
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    groups.set(shared, {
      id: `${key}\u0000${nth}`,
      findings: [finding],
      start: finding.start,
      end: finding.end,
      suggestions: finding.suggestions,
    });
  }
  const all = [...groups.values()];
  for (const one of all) one.findings.sort((a, b) => b.severity - a.severity);
  return all.sort((a, b) => (a.start ?? Infinity) - (b.start ?? Infinity) || 0);
}

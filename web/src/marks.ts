/** Underlines: where the findings stand in the document, kept in their places while the person types. */
import { Extension } from "@tiptap/core";
import { type EditorState, Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import type { Mapping } from "@tiptap/pm/transform";
import { utf16 } from "./offsets";
import type { Group, Suggestion } from "./report";
import type { TextMap } from "./text";

export interface Range {
  from: number;
  to: number;
}

export interface PlacedSuggestion extends Range {
  suggestion: Suggestion;
  /** The words that it replaces; where others stand there now, the suggestion is out of date. */
  expected: string;
}

export interface PlacedGroup {
  group: Group;
  /** Null for an absence. */
  range: Range | null;
  /** Each finding's own range, in the group's order. */
  ranges: (Range | null)[];
  suggestions: PlacedSuggestion[];
}

interface State {
  placed: PlacedGroup[];
  current: string | null;
  evidence: Range[];
  decorations: DecorationSet;
}

type Change = Partial<Pick<State, "placed" | "current" | "evidence">>;

export const marksKey = new PluginKey<State>("findings");

/** Finds the places of the groups in the document that `map` was made from. */
export function place(groups: Group[], map: TextMap): PlacedGroup[] {
  const units = utf16(map.text);
  const range = (start: number | null, end: number | null): Range | null =>
    start === null || end === null ? null : { from: map.position(units(start)), to: map.position(units(end)) };
  return groups.map((group) => ({
    group,
    range: range(group.start, group.end),
    ranges: group.findings.map((finding) => range(finding.start, finding.end)),
    suggestions: group.suggestions.map((suggestion) => ({
      ...range(suggestion.start, suggestion.end)!,
      suggestion,
      expected: map.text.slice(units(suggestion.start), units(suggestion.end)),
    })),
  }));
}

/** Whether the words that a suggestion replaces still stand where it was made for them. */
export function fits(state: EditorState, { from, to, expected }: PlacedSuggestion): boolean {
  return to <= state.doc.content.size && state.doc.textBetween(from, to, "\n", "\n") === expected;
}

function moved<T extends Range>(range: T, mapping: Mapping): T {
  // A place between two characters stays one place; a range does not grow with what is typed at its edges.
  const point = range.from === range.to;
  return { ...range, from: mapping.map(range.from, 1), to: mapping.map(range.to, point ? 1 : -1) };
}

function decorate(state: EditorState, { placed, current, evidence }: Omit<State, "decorations">): DecorationSet {
  interface Stroke extends Range {
    id: string;
    category: string;
    severity: number;
  }
  const strokes: Stroke[] = [];
  for (const { group, ranges } of placed) {
    group.findings.forEach((finding, index) => {
      const range = ranges[index];
      if (range && range.from < range.to) strokes.push({ ...range, id: group.id, category: finding.category, severity: finding.severity });
    });
  }
  // Where findings overlap, one line is drawn: that of the severest, then of the shortest.
  const edges = [...new Set(strokes.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const lines: (Range & { class: string; group: string })[] = [];
  edges.slice(1).forEach((to, index) => {
    const from = edges[index]!;
    const here = strokes.filter((stroke) => stroke.from <= from && stroke.to >= to);
    here.sort((a, b) => b.severity - a.severity || a.to - a.from - (b.to - b.from));
    const best = here[0];
    if (!best) return;
    const looked = here.find((stroke) => stroke.id === current);
    const style = `finding c-${best.category} s-${best.severity}${looked ? " is-current" : ""}`;
    const owner = (looked ?? best).id;
    const last = lines.at(-1);
    if (last?.to === from && last.class === style && last.group === owner) last.to = to;
    else lines.push({ from, to, class: style, group: owner });
  });
  const drawn = lines.map(({ from, to, class: style, group }) => Decoration.inline(from, to, { class: style, "data-group": group }));
  for (const { from, to } of evidence) {
    if (from < to) drawn.push(Decoration.inline(from, to, { class: "evidence" }));
  }
  return DecorationSet.create(state.doc, drawn);
}

export function findings(state: EditorState): State {
  return marksKey.getState(state)!;
}

/** The extension; `onPick` hears which group's words were clicked. */
export function underlines(onPick: (id: string) => void): Extension {
  return Extension.create({
    name: "underlines",
    addProseMirrorPlugins: () => [
      new Plugin<State>({
        key: marksKey,
        state: {
          init: (_config, state) => {
            const empty = { placed: [], current: null, evidence: [] };
            return { ...empty, decorations: decorate(state as EditorState, empty) };
          },
          apply(tr, old, _before, state) {
            const change = tr.getMeta(marksKey) as Change | undefined;
            if (!change && !tr.docChanged) return old;
            let next = old;
            if (tr.docChanged) {
              const { mapping } = tr;
              const move = (range: Range | null): Range | null => range && moved(range, mapping);
              next = {
                ...old,
                evidence: [],
                decorations: old.decorations.map(mapping, tr.doc),
                placed: old.placed.map((one) => ({
                  ...one,
                  range: move(one.range),
                  ranges: one.ranges.map(move),
                  suggestions: one.suggestions.map((suggestion) => moved(suggestion, mapping)),
                })),
              };
            }
            if (!change) return next;
            const asked = { ...next, ...change };
            return { ...asked, decorations: decorate(state, asked) };
          },
        },
        props: {
          decorations: (state) => marksKey.getState(state)?.decorations,
          handleClick(_view, _pos, event) {
            const id = (event.target as Element).closest<HTMLElement>("[data-group]")?.dataset.group;
            if (id) onPick(id);
            return false;
          },
        },
      }),
    ],
  });
}

import { Editor } from "@tiptap/core";
import { closeHistory } from "@tiptap/pm/history";
import { DOMParser as Reader, type Node } from "@tiptap/pm/model";
import { TextSelection } from "@tiptap/pm/state";
import { form } from "./form";
import { findings, fits, marksKey, type PlacedGroup, type PlacedSuggestion, type Range, underlines } from "./marks";
import { cleanHtml } from "./outlook";
import { paragraphs, replaceText, sliceOf, textOf } from "./text";

export interface Desk {
  onChange(reason: "typed" | "replaced"): void;
  onPick(id: string): void;
}

/** The editor in its place on the page. The draft lives here and nowhere else. */
export function openEditor(place: HTMLElement, draft: string, desk: Desk): Editor {
  const editor = new Editor({
    element: place,
    injectCSS: false,
    // A draft stays what was typed: "- " must not turn into a list behind the writer's back.
    enableInputRules: false,
    enablePasteRules: false,
    extensions: [
      ...form,
      underlines(desk.onPick),
    ],
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": "draft-label",
        "aria-describedby": "draft-hint",
        spellcheck: "true",
        class: "draft",
      },
      transformPastedHTML: (html) => cleanHtml(html),
      clipboardTextParser: (text, _context, _plain, view) => sliceOf(view.state.schema, text),
      clipboardTextSerializer: (slice) => slice.content.textBetween(0, slice.content.size, "\n", "\n"),
    },
    onUpdate: ({ transaction }) => {
      const whole = transaction.getMeta("paste") || transaction.getMeta("replaced");
      desk.onChange(whole ? "replaced" : "typed");
    },
  });
  if (draft) setNodes(editor, paragraphs(editor.schema, draft), false);
  return editor;
}

function setNodes(editor: Editor, nodes: Node[], undoable = true): void {
  const { tr } = editor.state;
  tr.replaceWith(0, tr.doc.content.size, nodes).setMeta("replaced", true).setMeta("addToHistory", undoable);
  tr.setSelection(TextSelection.atEnd(tr.doc));
  editor.view.dispatch(undoable ? closeHistory(tr) : tr);
}

/** Replaces the draft, as one step that can be undone. */
export function setText(editor: Editor, text: string): void {
  setNodes(editor, paragraphs(editor.schema, text));
}

export function setHtml(editor: Editor, html: string): void {
  const page = new DOMParser().parseFromString(cleanHtml(html), "text/html");
  const doc = Reader.fromSchema(editor.schema).parse(page.body, { preserveWhitespace: false });
  const nodes: Node[] = [];
  doc.forEach((node) => nodes.push(node));
  setNodes(editor, nodes);
}

/** Applies suggestions as one step that can be undone; those whose words have changed are left out. Returns how many were applied. */
export function accept(editor: Editor, suggestions: PlacedSuggestion[], text?: string): number {
  const { state, view } = editor;
  const tr = closeHistory(state.tr);
  let floor = Infinity;
  let applied = 0;
  const last = [...suggestions].sort((a, b) => b.from - a.from || b.to - a.to);
  const done: Range[] = [];
  for (const one of last) {
    if (one.to > floor || !fits(state, one)) continue;
    replaceText(tr, one.from, one.to, text ?? one.suggestion.text);
    floor = one.from;
    applied += 1;
    done.push(one);
  }
  if (!applied) return 0;
  // The findings that this settles go at once; the next check says what is left.
  const touches = ({ suggestions: own, range }: PlacedGroup): boolean =>
    done.some(({ from, to }) => own.some((s) => s.from < to && s.to > from) || (range !== null && range.from < to && range.to > from));
  const settled = new Set(findings(state).placed.filter((one) => touches(one) || suggestions.some((s) => one.suggestions.includes(s))));
  const kept = findings(state).placed.filter((one) => !settled.has(one)).map((one) => one.group.id);
  tr.setMeta("replaced", true);
  view.dispatch(tr);
  show(editor, findings(editor.state).placed.filter((one) => kept.includes(one.group.id)));
  return applied;
}

/** Shows these findings as underlines. */
export function show(editor: Editor, placed: PlacedGroup[]): void {
  const current = findings(editor.state).current;
  const still = placed.some(({ group }) => group.id === current) ? current : null;
  editor.view.dispatch(editor.state.tr.setMeta(marksKey, { placed, current: still }).setMeta("addToHistory", false));
}

/** Marks one finding as the one that is looked at, and brings its words into view. */
export function focusGroup(editor: Editor, id: string | null): void {
  editor.view.dispatch(editor.state.tr.setMeta(marksKey, { current: id, evidence: [] }).setMeta("addToHistory", false));
  if (id !== null) reveal(editor, ".is-current");
}

export function showEvidence(editor: Editor, starts: [number, number][]): void {
  const map = textOf(editor.state.doc);
  const evidence = starts.map(([from, to]) => ({ from: map.position(from), to: map.position(to) }));
  const first = evidence[0];
  const { tr } = editor.state;
  tr.setMeta(marksKey, { evidence, current: null }).setMeta("addToHistory", false);
  if (first) tr.setSelection(TextSelection.between(tr.doc.resolve(first.from), tr.doc.resolve(first.to)));
  editor.view.dispatch(tr);
  editor.view.focus();
  reveal(editor, ".evidence");
}

/** Puts the cursor before a range and gives the editor the focus. */
export function goTo(editor: Editor, { from, to }: Range): void {
  const { tr } = editor.state;
  editor.view.dispatch(tr.setSelection(TextSelection.between(tr.doc.resolve(from), tr.doc.resolve(to))));
  editor.view.focus();
  reveal(editor, ".is-current");
}

function reveal(editor: Editor, selector: string): void {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  editor.view.dom.querySelector(selector)?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}

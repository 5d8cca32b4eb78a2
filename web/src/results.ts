/** Draws the report beside the draft. It only draws and asks; what happens to the draft is decided in app.ts. */
import { byId, h } from "./dom";
import type { PlacedGroup, PlacedSuggestion } from "./marks";
import type { Element, Finding, Report } from "./report";
import { category, elementName, plural, reasons, severity, words } from "./words";

export interface Asks {
  pick(id: string): void;
  accept(placed: PlacedGroup, suggestion: PlacedSuggestion, text?: string): void;
  dismiss(placed: PlacedGroup): void;
  restore(): void;
  acceptSafe(): void;
  evidence(name: string): void;
}

const verdict = byId("verdict");
const list = byId("findings");
const checklist = byId("checklist");

export function drawVerdict(report: Report): void {
  verdict.dataset.verdict = report.verdict;
  byId("verdict-words").textContent = words.verdicts[report.verdict] ?? report.verdict;
  byId("verdict-score").textContent = String(report.score);
  byId<HTMLMeterElement>("verdict-meter").value = report.score;
  byId("verdict-reasons").textContent = reasons(report);
}

/** The words, shortened in the middle where they are long. */
function shortened(text: string, longest: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= longest) return line;
  const head = line.slice(0, longest * 0.6).replace(/\s+\S*$/, "");
  const tail = line.slice(-longest * 0.3).replace(/^\S*\s+/, "");
  return `${head} … ${tail}`;
}

/** A finding's message without the quote that opens it: the card shows that already. */
function says(finding: Finding): string {
  const opening = `“${finding.quote ?? ""}” `;
  if (!finding.quote || !finding.message.startsWith(opening)) return finding.message;
  const rest = finding.message.slice(opening.length);
  return rest[0]!.toUpperCase() + rest.slice(1);
}

function note(finding: Finding, whole: string): HTMLElement {
  const own = finding.quote !== null && finding.quote !== whole;
  return h(
    "li",
    { class: "note" },
    h(
      "p",
      { class: "note-kind" },
      h("span", { class: `kind c-${finding.category} s-${finding.severity}` }, category(finding.category)),
      h("span", { class: "severity" }, severity(finding)),
    ),
    h(
      "p",
      { class: "note-message" },
      own && h("q", {}, shortened(finding.quote!, 44)),
      own && " ",
      own ? lower(says(finding)) : says(finding),
    ),
    h(
      "p",
      { class: "note-why" },
      finding.why,
      finding.citation && !finding.why.includes(finding.citation) && h("cite", {}, ` ${finding.citation}`),
    ),
  );
}

function lower(text: string): string {
  return text[0]!.toLowerCase() + text.slice(1);
}

/** What a suggestion would do, in words: the new text, or that the old goes. */
function proposal({ suggestion, expected }: PlacedSuggestion): Node {
  if (!suggestion.text) return h("span", { class: "removal" }, "Leave out ", h("del", {}, shortened(expected, 90)));
  return h("span", { class: "new-text" }, suggestion.text.trim());
}

function option(placed: PlacedGroup, one: PlacedSuggestion, index: number, asks: Asks): HTMLElement {
  const removes = !one.suggestion.text;
  const act = one.suggestion.kind === "insert" ? "Add" : removes ? "Remove" : "Accept";
  const about = removes ? `leave out “${shortened(one.expected, 60)}”` : `“${shortened(one.suggestion.text, 60)}”`;
  const item = h(
    "li",
    { class: "option" },
    h("p", { class: "option-text" }, proposal(one)),
    h(
      "p",
      { class: "option-actions" },
      h("button", { type: "button", class: index ? "" : "primary", "data-do": `accept-${index}`, "aria-label": `${act}: ${about}`, click: () => asks.accept(placed, one) }, act),
      !removes && h("button", { type: "button", "data-do": `edit-${index}`, "aria-label": `Edit before applying: ${about}`, click: () => edit() }, "Edit"),
      !one.suggestion.safe && h("span", { class: "caution" }, "Check that it is true"),
    ),
  );
  const edit = (): void => {
    const field = h("textarea", { rows: 3, "aria-label": "The wording to apply" });
    field.value = one.suggestion.text.trim();
    const close = (): void => {
      form.replaceWith(item);
      item.querySelector<HTMLElement>('[data-do^="edit"]')?.focus();
    };
    const apply = (): void => {
      // The space or the lines around an inserted sentence belong to its place, not to its wording.
      const [, before, after] = one.suggestion.text.match(/^(\s*)[\s\S]*?(\s*)$/)!;
      asks.accept(placed, one, before + field.value.trim() + after);
    };
    const form = h(
      "li",
      { class: "option editing" },
      field,
      h(
        "p",
        { class: "option-actions" },
        h("button", { type: "button", class: "primary", "data-do": "apply", click: apply }, "Apply"),
        h("button", { type: "button", "data-do": "cancel", click: close }, "Cancel"),
      ),
    );
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        close();
      }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        apply();
      }
    });
    item.replaceWith(form);
    field.focus();
    field.select();
  };
  return item;
}

function card(placed: PlacedGroup, index: number, expanded: boolean, asks: Asks): HTMLElement {
  const { group } = placed;
  const first = group.findings[0]!;
  const absent = group.start === null;
  const widest = [...group.findings].sort((a, b) => (b.quote?.length ?? 0) - (a.quote?.length ?? 0))[0]!;
  const quote = widest.quote ?? "";
  const title = absent ? elementName(first.element ?? first.rule) : shortened(quote, 110);
  const options = placed.suggestions.map((one, nth) => option(placed, one, nth, asks));
  const instead = !options.length && first.instead;
  const more = options.slice(1);
  const element = h(
    "li",
    { class: "card", "data-id": group.id, "data-severity": first.severity },
    h(
      "h3",
      { class: "card-title", id: `card-${index}` },
      h(
        "button",
        { type: "button", "data-do": "pick", class: absent ? "" : "quote", click: () => asks.pick(group.id) },
        title,
      ),
    ),
    h("ul", { class: "notes" }, ...group.findings.map((finding) => note(finding, absent ? "" : quote))),
    options.length > 0 && h("ul", { class: "options", "aria-label": "Suggestions" }, options[0]!),
    more.length > 0 &&
      h(
        "details",
        { class: "more", open: expanded },
        h("summary", {}, plural(more.length, "other way to say it", "other ways to say it")),
        h("ul", { class: "options", "aria-label": "Other suggestions" }, ...more),
      ),
    instead && h("p", { class: "instead" }, h("span", {}, "For example: "), instead),
    h(
      "p",
      { class: "card-end" },
      h("button", { type: "button", class: "quiet", "data-do": "dismiss", "aria-label": `Dismiss: ${shortened(title, 60)}`, click: () => asks.dismiss(placed) }, "Dismiss"),
      !absent && first.line !== null && h("span", { class: "place" }, `Line ${first.line}`),
    ),
  );
  return element;
}

/** Draws the findings, keeping the keyboard's focus where it was, or at the finding that took its place. */
export function drawFindings(placed: PlacedGroup[], dismissed: number, current: string | null, safe: number, asks: Asks): void {
  const focused = document.activeElement instanceof HTMLElement && list.contains(document.activeElement) ? document.activeElement : null;
  const was = focused?.closest<HTMLElement>(".card");
  const cards = [...list.querySelectorAll<HTMLElement>(".card")];
  const at = was ? cards.indexOf(was) : -1;
  const act = focused?.dataset.do;
  // A card in which somebody is editing stays as it is: a check must not take their words away.
  const editing = new Map(cards.filter((one) => one.querySelector(".editing")).map((one) => [one.dataset.id, one]));
  const open = new Set(cards.filter((one) => one.querySelector("details[open]")).map((one) => one.dataset.id));
  const there = placed.filter((one) => one.group.start !== null);
  const absent = placed.filter((one) => one.group.start === null);
  const draw = (one: PlacedGroup, index: number): HTMLElement => {
    const kept = editing.get(one.group.id);
    const element = kept ?? card(one, index, open.has(one.group.id), asks);
    element.classList.toggle("is-current", one.group.id === current);
    return element;
  };
  const parts: (HTMLElement | false)[] = [
    safe > 0 &&
      h(
        "p",
        { class: "bulk" },
        h("button", { type: "button", class: "primary", "data-do": "safe", click: asks.acceptSafe }, `Accept all safe (${safe})`),
        h("span", {}, "Rewordings that keep every fact."),
      ),
    there.length > 0 && h("h2", {}, "In the draft"),
    there.length > 0 && h("ol", { class: "cards" }, ...there.map(draw)),
    absent.length > 0 && h("h2", {}, "Not said yet"),
    absent.length > 0 && h("ol", { class: "cards" }, ...absent.map((one, index) => draw(one, there.length + index))),
    !placed.length && h("p", { class: "nothing" }, dismissed ? "Nothing else was found." : "Nothing to change. It reads calmly and clearly."),
    dismissed > 0 &&
      h(
        "p",
        { class: "dismissed" },
        `${dismissed} dismissed; the verdict still counts ${dismissed === 1 ? "it" : "them"}. `,
        h("button", { type: "button", class: "quiet", "data-do": "restore", click: asks.restore }, "Undo dismiss"),
      ),
  ];
  list.replaceChildren(...parts.filter((part) => part !== false));
  if (!focused || document.contains(focused) && document.activeElement === focused) return;
  const now = [...list.querySelectorAll<HTMLElement>(".card")];
  const same = was && now.find((one) => one.dataset.id === was.dataset.id);
  const heir = same ?? (at >= 0 ? now[Math.min(at, now.length - 1)] : undefined);
  const wanted = same && act ? same.querySelector<HTMLElement>(`[data-do="${act}"]`) : null;
  const target = wanted ?? heir?.querySelector<HTMLElement>('[data-do="pick"]') ?? (act ? list.querySelector<HTMLElement>(`:scope > p [data-do="${act}"]`) : null) ?? verdict;
  target.focus({ preventScroll: same !== undefined });
}

export function drawChecklist(report: Report, asks: Asks): void {
  const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("#checklist [data-element]")?.dataset.element;
  // What is required and lacking comes first, then what is required, then what is there.
  const rank = ({ required, present }: Element): number => (required ? 0 : 2) + (required === present ? 1 : 0);
  const names = Object.entries(report.elements).sort(([, a], [, b]) => rank(a) - rank(b));
  checklist.replaceChildren(
    ...names.map(([name, element]) => {
      const state = element.present ? "present" : "missing";
      const need = element.required ? "required" : "not needed";
      const inner = [
        h("span", { class: "tick", "aria-hidden": "true" }),
        h("span", { class: "item-name" }, elementName(name)),
        h("span", { class: "item-state" }, element.required || element.present ? `${state}, ${need}` : need),
        !element.required && !element.present && h("span", { class: "visually-hidden" }, ", missing"),
      ];
      const jumps = element.present && element.evidence.length > 0;
      return h(
        "li",
        { class: "item", "data-state": state, "data-required": String(element.required) },
        jumps
          ? h("button", { type: "button", "data-element": name, click: () => asks.evidence(name) }, ...inner)
          : h("span", { class: "item-plain" }, ...inner),
      );
    }),
  );
  if (focused) checklist.querySelector<HTMLElement>(`[data-element="${focused}"]`)?.focus({ preventScroll: true });
}

/** Brings a card into view, and gives its title the focus where asked. */
export function showCard(id: string | null, focus: boolean): void {
  for (const one of list.querySelectorAll<HTMLElement>(".card")) {
    const here = one.dataset.id === id;
    one.classList.toggle("is-current", here);
    if (!here) continue;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (focus) one.querySelector<HTMLElement>('[data-do="pick"]')?.focus({ preventScroll: true });
    one.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }
}

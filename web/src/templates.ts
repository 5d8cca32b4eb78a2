/** The template picker: choose, fill in what the template asks for, and get the message in the editor. */
import { Problem, type Rendered, render, type Template } from "./api";
import { byId, h } from "./dom";

const dialog = byId<HTMLDialogElement>("template-dialog");
const choice = byId<HTMLSelectElement>("template-choice");
const form = byId<HTMLFormElement>("template-form");
const fields = byId("template-fields");
const purpose = byId("template-purpose");
const trouble = byId("template-error");

/** Offers the templates; `use` gets what was rendered. */
export function offer(templates: Template[], use: (rendered: Rendered, template: Template) => void): void {
  if (!templates.length) return;
  const opener = byId<HTMLButtonElement>("open-templates");
  opener.hidden = false;
  choice.replaceChildren(...templates.map((one) => h("option", { value: one.id }, one.title || one.id)));
  const chosen = (): Template => templates.find((one) => one.id === choice.value) ?? templates[0]!;
  const draw = (): void => {
    const { purpose: about, variables } = chosen();
    purpose.textContent = about ?? "";
    trouble.textContent = "";
    fields.replaceChildren(
      ...Object.entries(variables ?? {}).map(([name, { type, meaning, samples }], index) => {
        const sample = samples?.find((one) => one !== null && one !== "");
        const truth = type === "boolean" || type === "bool";
        const field = h("input", { id: `field-${index}`, name, type: truth ? "checkbox" : "text", "data-sample": sample === undefined ? null : String(sample), "aria-describedby": sample === undefined ? null : `field-hint-${index}`, autocomplete: "off" });
        return h(
          "div",
          { class: truth ? "field truth" : "field" },
          h("label", { for: field.id }, meaning || name.replaceAll("_", " ")),
          field,
          sample !== undefined && !truth && h("p", { class: "hint", id: `field-hint-${index}` }, `For example: ${sample}`),
        );
      }),
    );
  };
  choice.addEventListener("change", draw);
  opener.addEventListener("click", () => {
    draw();
    dialog.showModal();
  });
  byId("template-samples").addEventListener("click", () => {
    for (const field of fields.querySelectorAll("input")) {
      if (field.type === "checkbox") field.checked = field.dataset.sample === "true";
      else field.value ||= field.dataset.sample ?? "";
    }
  });
  byId("template-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values: Record<string, unknown> = {};
    for (const field of fields.querySelectorAll("input")) {
      if (field.type === "checkbox") values[field.name] = field.checked;
      else if (field.value.trim()) values[field.name] = field.value.trim();
    }
    const template = chosen();
    try {
      const rendered = await render(template.id, values);
      dialog.close();
      use(rendered, template);
    } catch (error) {
      trouble.textContent = error instanceof Problem ? error.message : "The template could not be filled in. Please try again.";
    }
  });
}

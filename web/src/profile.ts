/** The profile pickers, remembered on this computer. Only the profile is: a draft is never stored. */
import type { Profile } from "./api";
import { byId } from "./dom";

const KEY = "tonecheck.profile";
const pickers = (): HTMLSelectElement[] => [...byId("profile").querySelectorAll("select")];

export function profile(): Profile {
  return Object.fromEntries(pickers().map((picker) => [picker.name, picker.value]));
}

/** Sets the pickers; a value that one does not offer is passed over. */
export function setProfile(values: Profile): void {
  for (const picker of pickers()) {
    const value = values[picker.name];
    if (value !== undefined && [...picker.options].some((option) => option.value === value)) picker.value = value;
  }
}

function remember(): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(profile()));
  } catch {
    // A browser that stores nothing still checks drafts.
  }
}

export function recall(onChange: () => void): void {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (stored && typeof stored === "object") setProfile(stored as Profile);
  } catch {
    // As above; and a value that is not ours is as good as none.
  }
  byId("profile").addEventListener("change", () => {
    remember();
    onChange();
  });
}

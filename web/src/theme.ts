/** Sets the remembered colours before the first paint, and says that scripts run. */
const theme = (() => {
  try {
    return localStorage.getItem("tonecheck.theme");
  } catch {
    return null;
  }
})();
if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
document.documentElement.classList.add("js");

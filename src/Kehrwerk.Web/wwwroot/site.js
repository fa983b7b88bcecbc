// Switches light and dark at once, where the form alone would load the page anew and lose what it shows.

const button = document.getElementById("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");

export const isDark = () => (document.documentElement.dataset.kernTheme ?? (dark.matches ? "dark" : "light")) === "dark";

function show() {
  button.value = isDark() ? "light" : "dark";
}

if (button) {
  show();
  dark.addEventListener("change", () => {
    show();
    document.dispatchEvent(new Event("themechange"));
  });
  button.form.addEventListener("submit", event => {
    if (event.submitter !== button) {
      return;
    }

    event.preventDefault();
    fetch(button.form.action, { method: "POST", body: new FormData(button.form, button), redirect: "manual" });
    document.documentElement.dataset.kernTheme = button.value;
    show();
    document.dispatchEvent(new Event("themechange"));
  });
}

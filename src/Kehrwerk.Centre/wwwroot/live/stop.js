// The stop of all on pages that show no vehicles: sent without leaving the page, with what became of it.

import { byId, setText, t } from "./texts.js";

export function listenToStop() {
  byId("all").addEventListener("submit", async event => {
    event.preventDefault();
    const said = byId("stop-said");
    setText(said, t("Stop.Sending"));
    try {
      const response = await fetch("/vehicles/commands", {
        method: "POST", body: new FormData(event.target, event.submitter), headers: { Accept: "application/json" }, redirect: "manual",
      });
      if (response.type === "opaqueredirect" || response.status === 401) {
        setText(said, t("Command.SignedOut"));
      } else if (!response.ok) {
        setText(said, (await response.json()).detail);
      } else {
        const receipt = await response.json();
        setText(said, receipt.failed.length > 0 ? t("Stop.Failed", receipt.failed.join(", ")) : t("Stop.Sent", receipt.sent.length));
      }
    } catch (error) {
      console.error(error);
      setText(said, t("Stop.Failed", "*"));
    }
  });
}

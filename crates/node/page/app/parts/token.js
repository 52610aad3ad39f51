// The dialog for the owner's token. The token stays in memory.
import { ask } from "../dom/dialog.js";
import { el, freshId } from "../dom/el.js";
import { useToken } from "../node/client.js";
import { refresh } from "../node/status.js";
import { t } from "../texts/texts.js";

export function askForToken() {
  const id = freshId();
  const field = el("input.mono", { id, type: "password", autocomplete: "off" });
  ask(t("owner.token"), [el("p.small.muted", t("owner.tokenWhere")), el("div", el("label", { for: id }, t("owner.tokenLabel")), field)], () => {
    useToken(field.value);
    refresh().catch(() => {});
  });
  field.focus();
}

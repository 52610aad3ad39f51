// Below the Lab's chain: all members of one of its blocks, in fields.
import { el, replace } from "../../dom/el.js";
import { notice } from "../../parts/verdict.js";
import { t } from "../../texts/texts.js";
import { NoBlock, blockFields } from "../block/fields.js";

/**
 * @param {import("./tampered.js").Tampered} chain @param {() => void} changed
 * @returns {{node: HTMLElement, draw: () => void}} draw: shows the block again, after a change elsewhere
 */
export function membersPanel(chain, changed) {
  let index = 3;
  const body = el("div"), said = el("div.panel-body", { hidden: true });
  const buttons = chain.blocks.map((_, at) => el("button", { type: "button", onclick: () => {
    index = at + 1;
    draw();
  } }, String(at + 1)));
  const draw = () => {
    buttons.forEach((button, at) => button.setAttribute("aria-pressed", String(at + 1 === index)));
    said.hidden = true;
    const fields = blockFields(chain.blocks[index - 1], () => {
      try {
        chain.set(index, fields.read());
        said.hidden = true;
        changed();
      } catch (error) {
        if (!(error instanceof NoBlock)) throw error;
        said.hidden = false;
        replace(said, notice("bad", t("lab.blockNone"), error.message));
      }
    });
    replace(body, fields.node);
  };
  draw();
  const node = el("details.panel.members", el("summary.panel-head", el("h2", t("lab.chainMembers")), el("span.small.muted", t("lab.chainMembersMore"))),
    el("div.panel-body.row", el("span.small.strong", t("chain.block")), el("div.seg", { role: "group", "aria-label": t("lab.chainWhichBlock") }, buttons)), body, said);
  return { node, draw };
}

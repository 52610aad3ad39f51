import { t } from "../../texts/texts.js";

/** The name of a side. @param {import("./world.js").Side} side */
export const sideName = (side) => t(side === "left" ? "lab.left" : "lab.right");

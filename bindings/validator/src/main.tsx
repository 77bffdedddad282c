/**
 * Starts the page.
 *
 * @module
 */
import { render } from "preact";

import { App } from "./app.tsx";
import { startTakingFiles } from "./editor/field.tsx";
import { startAssessing, startSharing } from "./state/state.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/page.css";
import "./verdict/verdict.css";
import "./findings/findings.css";
import "./hosts/hosts.css";
import "./styles/print.css";
import { loadEngine } from "./wasm.ts";

const page = document.getElementById("page");
if (page) render(<App />, page);
startAssessing();
startTakingFiles();
void Promise.all([loadEngine(), startSharing()]);

/**
 * Scripts from beside the page that are loaded when they are needed.
 *
 * @module
 */

/** The scripts that there are. Nothing else can be loaded, whatever becomes of the code. */
const SCRIPTS = ["editor.js", "mtasts-wasm.js"] as const;

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => string };
}

const rules = {
  createScriptURL(url: string): string {
    if (!SCRIPTS.some((script) => script === url)) throw new TypeError(`no script of this page: ${url}`);
    return url;
  },
};
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy("mtasts", rules) ?? rules;

/** Loads a script and runs it. */
export function loadScript(name: (typeof SCRIPTS)[number]): Promise<void> {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = policy.createScriptURL(name);
    element.onload = () => resolve();
    element.onerror = () => reject(new Error(`${name} cannot be loaded`));
    document.head.append(element);
  });
}

// What ESLint holds the explorer's page to. Rules are named one by one, so that nothing but ESLint need be installed.
const BROWSER = [
  "AbortController", "Blob", "CompressionStream", "DOMException", "DecompressionStream", "Event", "EventSource",
  "Image", "IntersectionObserver", "MutationObserver", "Node", "ResizeObserver", "Response", "TextDecoder",
  "TextEncoder", "URL", "URLSearchParams", "atob", "cancelAnimationFrame", "clearInterval", "clearTimeout",
  "console", "customElements", "devicePixelRatio", "document", "fetch", "getComputedStyle", "history",
  "innerHeight", "innerWidth", "localStorage", "location", "matchMedia", "navigator", "performance",
  "queueMicrotask", "requestAnimationFrame", "sessionStorage", "setInterval", "setTimeout", "structuredClone",
  "window",
];

export default [
  {
    files: ["app/classroom/page/*.js"],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "module",
      globals: Object.fromEntries(BROWSER.map((name) => [name, "readonly"])),
    },
    rules: {
      "constructor-super": "error",
      eqeqeq: "error",
      "no-const-assign": "error",
      "no-dupe-keys": "error",
      "no-fallthrough": "error",
      "no-redeclare": "error",
      "no-self-assign": "error",
      "no-shadow-restricted-names": "error",
      "no-this-before-super": "error",
      "no-undef": "error",
      "no-unreachable": "error",
      "no-unused-vars": "error",
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-var": "error",
      "prefer-const": "error",
      "valid-typeof": "error",
    },
  },
];

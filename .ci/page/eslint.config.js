// ESLint's rules for the page's scripts.
export default [
  { ignores: ["**/vendor/"] },
  {
    languageOptions: { ecmaVersion: 2023, sourceType: "module" },
    rules: {
      eqeqeq: "error", "no-var": "error", "prefer-const": "error", "no-eval": "error", "no-implied-eval": "error", "no-new-func": "error",
      "no-unused-vars": "error", "no-unreachable": "error", "no-fallthrough": "error", "no-console": "error",
      "no-restricted-properties": ["error",
        { property: "innerHTML", message: "text from outside must stay text" },
        { property: "outerHTML", message: "text from outside must stay text" },
        { property: "insertAdjacentHTML", message: "text from outside must stay text" }],
      complexity: ["error", 15], "max-lines": ["error", 300], "max-lines-per-function": ["error", 45], "max-depth": ["error", 4],
    },
  },
];

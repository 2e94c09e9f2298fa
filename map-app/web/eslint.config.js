import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'shots'] },
  {
    files: ['src/**/*.{ts,tsx}', 'dev/**/*.ts', 'vite.config.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-restricted-properties': ['error', { property: 'innerHTML', message: 'Data is text: use textContent or React.' }],
    },
  },
  { files: ['src/**/*.tsx'], ...hooks.configs.flat['recommended-latest'] },
);

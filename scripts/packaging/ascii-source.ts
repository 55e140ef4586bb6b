// Writes a bundled program in ASCII alone.

/**
 * V8 keeps a source as one byte a character only when all of them are ASCII: three bullets in an expression cost 600 KiB.
 * esbuild escapes what stands in texts, and leaves expressions and templates as they are.
 */
export const asciiSource = (source: string): string =>
  source.replace(/[^\0-\x7f]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

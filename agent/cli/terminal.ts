// How wide standard output is, and how text is coloured on it.
import { styleText } from 'node:util'
import type { Style } from '../../report/table.ts'

export interface Terminal {
  readonly width: number
  /** colours only where standard output is a terminal and NO_COLOR is not set */
  readonly paint: (style: Style, text: string) => string
}

export function terminal(): Terminal {
  const width = process.stdout.isTTY ? process.stdout.columns : 120
  return { width, paint: (style, text) => styleText(style, text, { stream: process.stdout }) }
}

/** For a file: no colours, lines as wide as where there is no terminal. */
export const plainText: Terminal = { width: 120, paint: (_, text) => text }

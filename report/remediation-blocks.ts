// Takes a rendered remediation apart into paragraphs and commands, for forms that show them differently.

export interface Span {
  readonly code: boolean
  readonly text: string
}

/** A paragraph of prose with commands in it, or lines to be copied. */
export type RemediationBlock = { readonly spans: readonly Span[] } | { readonly lines: readonly string[] }

/** Lines of three backticks enclose a block, single backticks a command within a line. */
export function remediationBlocks(text: string): readonly RemediationBlock[] {
  const blocks: RemediationBlock[] = []
  let paragraph: string[] = []
  let code: string[] | undefined
  const endParagraph = () => {
    if (paragraph.length > 0) blocks.push({ spans: spansOf(paragraph.join(' ')) })
    paragraph = []
  }
  for (const line of text.split('\n')) {
    if (/^ *```/.test(line)) {
      endParagraph()
      if (code) blocks.push({ lines: code })
      code = code ? undefined : []
    } else if (code) code.push(line)
    else if (line.trim() === '') endParagraph()
    else paragraph.push(line.trim())
  }
  endParagraph()
  if (code && code.length > 0) blocks.push({ lines: code })
  return blocks
}

function spansOf(text: string): readonly Span[] {
  const spans: Span[] = []
  let end = 0
  for (const match of text.matchAll(/`([^`]+)`/g)) {
    if (match.index > end) spans.push({ code: false, text: text.slice(end, match.index) })
    spans.push({ code: true, text: match[1] ?? '' })
    end = match.index + match[0].length
  }
  if (end < text.length) spans.push({ code: false, text: text.slice(end) })
  return spans
}

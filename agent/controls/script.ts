// The shapes of a parsed audit script: the part of the shell's language that audits need.

export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'variable'
      readonly name: string
      readonly quoted: boolean
      /** of `${NAME:-word}`, where nothing sets it, or only an empty value */
      readonly otherwise: Word | undefined
    }
  | { readonly kind: 'output'; readonly script: Script; readonly quoted: boolean }

export type Word = readonly Part[]

export interface Assignment {
  readonly name: string
  readonly word: Word
}

export interface Redirection {
  readonly kind: 'dropOutput' | 'dropErrors' | 'errorsToOutput' | 'input'
  /** of what is read */
  readonly file: Word
}

export type ScriptCommand =
  | {
      readonly kind: 'simple'
      readonly assignments: readonly Assignment[]
      readonly words: readonly Word[]
      readonly redirections: readonly Redirection[]
    }
  | {
      readonly kind: 'if'
      readonly branches: readonly { readonly condition: Script; readonly body: Script }[]
      readonly otherwise: Script | undefined
    }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[]; readonly body: Script }
  | { readonly kind: 'group'; readonly body: Script }
  | { readonly kind: 'function'; readonly name: string; readonly body: Script }

export interface Pipeline {
  readonly negated: boolean
  readonly commands: readonly ScriptCommand[]
}

export interface Chain {
  readonly first: Pipeline
  readonly rest: readonly { readonly operator: '&&' | '||'; readonly pipeline: Pipeline }[]
}

export type Script = readonly Chain[]

/** A script, or what in it is not supported. */
export type ParsedAudit = { readonly script: Script } | { readonly unsupported: string }

/** Thrown where an audit asks for what is not supported, or for what cannot be known here. */
export class UnansweredAudit extends Error {
  override readonly name = 'UnansweredAudit'
}
